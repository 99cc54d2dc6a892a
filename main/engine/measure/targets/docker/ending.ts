/** How a container ended, and the last of what it printed. */
import type Docker from 'dockerode';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitText } from '../../../base/process/exit';
import { outOfMemoryIn } from '../../../base/process/kernelLog';
import type { Ending } from '../target';

const longestOutput = 64 * 1024;

/** An engine hears from its runtime that the kernel killed a process, sometimes a little after it heard of the end. */
const patience = { tries: 10, everyMs: 100 };

interface State {
  ExitCode: number;
  OOMKilled: boolean;
}

/**
 * How it ended, in words.
 * @param isKilled  whether the kernel killed a process of it for want of memory, whatever the engine knows
 */
export const exitOf = ({ ExitCode: code, OOMKilled: oom }: State, isKilled = false): string =>
  oom || isKilled ? 'out of memory' : exitText(code);

/**
 * Reads how a container ended. Never rejects: what cannot be read is told instead.
 * @param killedIn  asks the kernel about the container's control group; undefined where nobody can, as on another machine
 */
export async function endingOf(
  container: Docker.Container,
  killedIn: (id: string) => boolean | undefined = outOfMemoryIn,
): Promise<Ending> {
  const [exit, output] = await Promise.all([
    exitIn(container, killedIn).catch(() => 'removed'),
    outputOf(container),
  ]);
  return { exit, output };
}

/** An engine that loses the race against the removal of the control group never tells: so the kernel is asked first. */
async function exitIn(
  container: Docker.Container,
  killedIn: (id: string) => boolean | undefined,
): Promise<string> {
  let { State } = await container.inspect();
  if (State.ExitCode === 0 || State.OOMKilled) return exitOf(State);
  const isKilled = killedIn(container.id);
  for (let tries = 0; isKilled === undefined && !State.OOMKilled && tries < patience.tries; tries += 1) {
    await sleep(patience.everyMs);
    ({ State } = await container.inspect());
  }
  return exitOf(State, isKilled);
}

/** The last 64 KiB of both outputs in the order in which they came; empty when the log cannot be read. */
export async function outputOf(container: Docker.Container): Promise<string> {
  try {
    const log = await container.logs({ stdout: true, stderr: true, tail: 500 });
    return demultiplex(log).subarray(-longestOutput).toString();
  } catch {
    return ''; // no log driver that can be read, or the container is gone
  }
}

/** Takes away the eight bytes before each piece: which output it is of, three zeros, and its length. */
export function demultiplex(log: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces);
}
