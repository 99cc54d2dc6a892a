/**
 * What holds QEMU itself, should a guest break out into it: it may make fewer system calls, and where Tare is root it runs as a user that
 * owns nothing. Whether that can be had is found out by trying, and remembered with the accelerator.
 */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import type { Accelerator } from '../../../../contract/run/run';
import { TareError } from '../../../base/errors';
import { runProgram } from '../../../base/process/child';
import { userWords, type RunAs } from '../../../base/process/programs';
import { sandboxWords } from './arguments';

export const Confinement = z.object({
  /** this QEMU was built to filter its own system calls, and this kernel lets it */
  sandbox: z.boolean(),
  /** this QEMU can run as one of the users below */
  user: z.boolean(),
});
export type Confinement = z.infer<typeof Confinement>;

/**
 * Numbers that no distribution, systemd or container engine gives to anybody (systemd: “Users, Groups, UIDs and GIDs”, unused up to
 * 2147352575). Each machine has a user of its own, by the port it is reached at, which no two that run can share: one cannot signal or
 * trace another.
 */
const firstUser = 1_900_000_000;
const mostPorts = 65_536;
/** all of them are in this group, which may open what they are lent */
export const machineGroup = firstUser;

const machineUser = (port: number): number => firstUser + port;

/** Finds out what this QEMU takes, in a tenth of a second: it lists its accelerators, for which it has to take all else first. */
export async function probeConfinement(qemu: string, signal: AbortSignal): Promise<Confinement> {
  const works = async (...words: string[]) => {
    const [program, ...args] = words;
    try {
      await runProgram(program!, [...args, '-accel', 'help'], { signal });
      return true;
    } catch (error) {
      if (error instanceof TareError) return false;
      throw error;
    }
  };
  const [sandbox, user] = await Promise.all([
    works(qemu, ...sandboxWords({ sandbox: true })),
    ownsMachines() && works(...userWords(asUser(mostPorts - 1, [])), qemu),
  ]);
  return { sandbox, user };
}

/** chown, fowner, kill, setgid, setuid and sys_ptrace: to lend files, to become another user, and to weigh and end its processes. */
const neededCapabilities = [0, 3, 5, 6, 7, 19].reduce((bits, bit) => bits | (1n << BigInt(bit)), 0n);

/** Whether this process is root and can do with a machine of another user all that it does with its own. */
function ownsMachines(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return (BigInt(`0x${effective}`) & neededCapabilities) === neededCapabilities;
  } catch {
    return false;
  }
}

const asUser = (port: number, groups: number[]): RunAs => ({
  uid: machineUser(port),
  gid: machineGroup,
  groups,
});

/** As whom a machine runs that is reached at this port; undefined: as Tare itself, which is no root, or cannot become anybody else. */
export async function userOf(
  { user }: Confinement,
  accelerator: Accelerator,
  port: number,
): Promise<RunAs | undefined> {
  const groups = user ? await groupsFor(accelerator) : undefined;
  return groups && asUser(port, groups);
}

const [othersMayUse, groupMayUse] = [0o006, 0o060];

/** The groups without which the accelerator's device cannot be opened; undefined where only its owner can. */
async function groupsFor(accelerator: Accelerator): Promise<number[] | undefined> {
  if (accelerator !== 'kvm') return [];
  const { mode, gid } = await stat('/dev/kvm');
  if ((mode & othersMayUse) === othersMayUse) return [];
  return (mode & groupMayUse) === groupMayUse && gid !== 0 ? [gid] : undefined;
}
