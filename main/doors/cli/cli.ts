import { CommanderError } from 'commander';
import { exitCodeOf, type Failure } from '../../contract/failures';
import type { Leftover } from '../../contract/machine';
import { listOf } from '../../contract/messages';
import { toFailure } from '../../engine/base/errors';
import { Door, interruptedExit, type Terminal } from './door';
import { buildProgram, type Registration } from './program';
import { usageFailure } from './help/usage';

/**
 * The whole command line: words in, text and an exit code out. Resolves when nothing that it started is left.
 * Exit codes: 0 ok · 1 a trial failed · 2 usage or invalid plan · 3 environment missing · 130 interrupted.
 * @param argv  the words after `tare`
 * @param further  commands that other doors add, such as `serve`
 */
export async function runCli(
  argv: string[],
  terminal: Terminal,
  further: Registration[] = [],
): Promise<number> {
  const door = new Door(argv, terminal);
  const code = await carryOut(door, argv, further);
  door.out.muted = door.err.muted = true; // a command that was left behind ends while the engine closes
  try {
    const left = await door.close();
    door.err.muted = false;
    tellLeft(door, left);
  } catch (error) {
    door.err.muted = false;
    return report(door, toFailure(error));
  }
  return code;
}

/** What could not be removed now. That it is left does not change how the command went. */
function tellLeft({ err }: Door, left: Leftover[]): void {
  if (left.length === 0) return;
  const things = listOf(
    err.locale,
    left.map(({ kind, name }) => `${err.say(`leftover.${kind}`)} ${name}`),
  );
  err.paragraph(err.say('cli.left', { things }), `${err.tone('warn', '!')} `);
}

async function carryOut(door: Door, argv: string[], further: Registration[]): Promise<number> {
  const left = Symbol('left');
  const work = buildProgram(door, further).parseAsync(argv, { from: 'user' });
  work.catch(() => {}); // after `leave` nobody waits for it any more
  try {
    const first = await Promise.race([work, door.leave.then(() => left)]);
    if (first === left) return report(door, { code: 'stopped' });
    return door.interrupted ? interruptedExit : door.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return afterCommander(door, error);
    return report(door, door.interrupted ? { code: 'stopped' } : toFailure(error));
  }
}

/** Help and version come as errors too. */
function afterCommander(door: Door, error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help') return exitCodeOf({ code: 'bad-input', problems: [] }); // a bare `tare`: help was shown
  const code = report(door, usageFailure(error));
  door.err.line(`  ${door.err.say('cli.see-help')}`);
  return code;
}

function report(door: Door, failure: Failure): number {
  door.err.failure(failure);
  return exitCodeOf(failure);
}
