import type { Command } from 'commander';
import { version } from '../../../../package.json';
import { exitCodeOf } from '../../../contract/failures';
import { badInput } from '../../../engine/base/errors';
import { serveAgent, type AgentParts } from '../../agent/agent';
import { interruptedExit, type Door } from '../door';

type Streams = Pick<AgentParts, 'input' | 'output'> & { isTerminal: boolean };

/**
 * The command `tare agent --stdio`: what a Tare elsewhere starts on a host. Standard output carries nothing but frames; everything for
 * people goes to standard error. Exit codes: 0 it was told to end, and nothing was under way · 1 the other side fell silent · 2 what came were
 * no frames of ours · 3 the other side speaks another version · 130 a run was under way, and was stopped.
 */
export const agentCommand =
  (streams: () => Streams, program: string | undefined) =>
  (root: Command, door: Door): void => {
    root
      .command('agent')
      .description(door.out.say('agent.help'))
      .requiredOption('--stdio', door.out.say('agent.option.stdio'))
      .action(() => serve(door, streams(), program));
  };

async function serve(door: Door, { isTerminal, ...streams }: Streams, program?: string): Promise<void> {
  if (isTerminal) throw badInput('agent.terminal');
  door.out.muted = true;
  door.name = 'agent';
  const stop = new AbortController();
  door.onFirstSignal(async () => Promise.resolve(stop.abort()));
  const engine = door.engine();
  const about = { version, ...(program !== undefined && { program }) };
  const failure = await serveAgent(engine, { ...streams, about, stop: stop.signal });
  const isAtWork = (await engine.work({})).some(({ answer }) => !answer);
  if (failure && failure.code !== 'stopped') door.err.failure(failure);
  door.exitCode = failure ? exitCodeOf(failure) : isAtWork ? interruptedExit : 0;
}
