/** What sets the clock of a laptop's processor: whether it may go beyond its nominal one, and what the machine lives on. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import si from 'systeminformation';

/** A small file of the system without the space around it; undefined where it cannot be read. */
export const fileText = (...parts: string[]): Promise<string | undefined> =>
  readFile(path.join(...parts), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

/**
 * Whether the processor may raise its clock above the nominal one. Each driver has its own switch: Intel's says the opposite, and
 * AMD's may have one per policy.
 * @param sys  the folder that is /sys
 * @returns undefined where no driver tells
 */
export async function turboAllowed(sys: string): Promise<boolean | undefined> {
  const cpu = path.join(sys, 'devices/system/cpu');
  const forbidden = await fileText(cpu, 'intel_pstate/no_turbo');
  if (forbidden !== undefined) return forbidden === '0';
  const boost = (await fileText(cpu, 'cpufreq/boost')) ?? (await fileText(cpu, 'cpufreq/policy0/boost'));
  return boost === undefined ? undefined : boost !== '0';
}

interface Supply {
  type: string | undefined;
  online: string | undefined;
  status: string | undefined;
  /** `Device`: a mouse's or a keyboard's, which is no source of this machine */
  scope: string | undefined;
}

async function supplies(sys: string): Promise<Supply[] | undefined> {
  const folder = path.join(sys, 'class/power_supply');
  const names = await readdir(folder).catch(() => undefined);
  const read = async (name: string): Promise<Supply> => {
    const [type, online, status, scope] = await Promise.all(
      ['type', 'online', 'status', 'scope'].map((file) => fileText(folder, name, file)),
    );
    return { type, online, status, scope };
  };
  return names && Promise.all(names.map(read));
}

/**
 * Whether the machine lives on its battery now. On Linux the kernel's list of power supplies answers: a machine that it lists none
 * for has no battery to live on.
 * @param sys  the folder that is /sys
 * @returns undefined where nothing tells
 */
export async function livesOnBattery(
  sys: string,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean | undefined> {
  if (platform !== 'linux') {
    const { hasBattery, acConnected } = await si.battery();
    return hasBattery && !acConnected;
  }
  const own = (await supplies(sys))?.filter(({ scope }) => scope !== 'Device');
  if (!own) return undefined;
  const batteries = own.filter(({ type }) => type === 'Battery');
  const lines = own.filter(({ type, online }) => type !== 'Battery' && online !== undefined);
  if (batteries.length === 0 || lines.some(({ online }) => online === '1')) return false;
  if (batteries.some(({ status }) => status === 'Discharging')) return true;
  const isUnknown = batteries.some(({ status }) => status === undefined || status === 'Unknown');
  if (!isUnknown) return false; // one that is full or charging hangs on something
  return lines.length > 0 ? true : undefined;
}
