/** Why KVM is passed over on this computer, and what would change that. Read anew each time: the remedy may have been followed meanwhile. */
import { readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import { tell } from '../../../../contract/messages';
import type { Message } from '../../../../contract/report/report';

/** What this computer says about its virtualisation and about who may use it. */
export interface Virtualisation {
  /** of the first processor */
  flags: ReadonlySet<string>;
  /** whether the module that drives this processor's virtualisation is loaded */
  isLoaded: boolean;
  isRoot: boolean;
  /** the group that may open the device, if one may, and whether this user was put into it */
  group?: { name: string; hasUser: boolean } | undefined;
}

const device = '/dev/kvm';

/** The flag that tells that a processor can virtualise, and the kernel's module for it. */
const modules = { vmx: 'kvm_intel', svm: 'kvm_amd' } as const;

const moduleFor = (flags: ReadonlySet<string>): string | undefined =>
  Object.entries(modules).find(([flag]) => flags.has(flag))?.[1];

/**
 * Pure: what to do so that KVM is used. Undefined where nothing is known to help, as on other systems.
 * @param reason  why it was passed over
 */
export function remedyFor(reason: string, here: Virtualisation): Message | undefined {
  switch (reason) {
    case 'absent':
      return forAbsent(here);
    case 'denied':
      return forDenied(here);
    case 'failed':
      return tell(here.flags.has('hypervisor') ? 'acceleration.broken-nested' : 'acceleration.broken');
    case 'silent':
      return tell('acceleration.slow');
    default:
      return undefined;
  }
}

function forAbsent({ flags, isLoaded }: Virtualisation): Message | undefined {
  if (process.arch !== 'x64') return undefined; // other processors have no such flags
  const module = moduleFor(flags);
  if (module === undefined)
    return tell(flags.has('hypervisor') ? 'acceleration.nested' : 'acceleration.firmware');
  return isLoaded ? tell('acceleration.container') : tell('acceleration.module', { module });
}

function forDenied({ isRoot, group }: Virtualisation): Message {
  if (isRoot) return tell('acceleration.container');
  if (!group) return tell('acceleration.owner');
  return tell(group.hasUser ? 'acceleration.login' : 'acceleration.group', { group: group.name });
}

/** Reads what there is to read; what is not there is taken for not being so. */
export async function readVirtualisation(): Promise<Virtualisation> {
  const processor = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = flagsOf(processor);
  const module = moduleFor(flags);
  const isLoaded = module !== undefined && (await isThere(`/sys/module/${module}`));
  return { flags, isLoaded, isRoot: process.getuid?.() === 0, group: await groupOfDevice() };
}

export const flagsOf = (cpuinfo: string): ReadonlySet<string> =>
  new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/));

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

const groupMayUse = 0o060;

async function groupOfDevice(): Promise<Virtualisation['group']> {
  try {
    const { gid, mode } = await stat(device);
    if ((mode & groupMayUse) !== groupMayUse || gid === 0) return undefined;
    return groupIn(await readFile('/etc/group', 'utf8'), gid, os.userInfo().username);
  } catch {
    return undefined;
  }
}

/** Pure: a line of /etc/group. */
export function groupIn(text: string, gid: number, user: string): Virtualisation['group'] {
  const lines = text.split('\n').map((line) => line.split(':'));
  const [name, , , members = ''] = lines.find(([, , id]) => Number(id) === gid) ?? [];
  return name ? { name, hasUser: members.split(',').includes(user) } : undefined;
}
