/** A builder that is a program of its own: run to its end, with all that it starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EngineCommand } from '../../../base/docker/command';
import { killGroup, notStarted, programLimits } from '../../../base/process/child';
import { bound } from '../../../base/process/programs';
import type { RunScope } from '../../../base/scope';
import { optionEnvironment } from './optionWords';
import type { GivenOptions } from './task';

const patienceMs = 10_000;

/** What is heard of it, as it is printed. */
export interface Heard {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** The engine's program with what a build's arguments are worth in its environment. */
export const giving = (command: EngineCommand, options: GivenOptions): EngineCommand => ({
  ...command,
  env: { ...optionEnvironment(options), ...command.env },
});

/**
 * Runs it in a process group of its own, which is asked to end on abort or after six hours, and killed 10 s later.
 * @param name  a name of the session's ledger that is among the words: by it, what a killed Tare left is found
 * @returns how it ended: `exit 0`, `exit 1`, `signal SIGTERM`
 * @throws {TareError} `tool-missing`; the signal's reason when aborted, once the whole group has ended
 */
export async function runBuilder(
  command: EngineCommand,
  args: string[],
  { name, cwd }: { name: string; cwd: string },
  scope: Pick<RunScope, 'ledger' | 'signal'>,
  heard: Heard,
): Promise<string> {
  const { signal } = scope;
  signal.throwIfAborted();
  const [program, ...words] = await bound([command.program, ...command.words, ...args]);
  const strike = scope.ledger.note('process', name);
  const env = { ...process.env, ...command.env };
  const child = spawn(program!, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.setEncoding('utf8').on('data', heard.out);
  child.stderr.setEncoding('utf8').on('data', heard.err);
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    killGroup(child, 'SIGTERM');
    timer = setTimeout(() => killGroup(child), patienceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  const limit = setTimeout(stop, programLimits.makes);
  try {
    const [exitCode, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    return killedBy ? `signal ${killedBy}` : `exit ${exitCode}`;
  } catch (error) {
    signal.throwIfAborted();
    throw notStarted(command.program, error as Error);
  } finally {
    clearTimeout(limit);
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    strike();
  }
}
