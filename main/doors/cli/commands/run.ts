import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { listOf } from '../../../contract/messages';
import { composeNotes } from '../../../contract/run/compose';
import { exitCodeOf } from '../../../contract/failures';
import type { Plan } from '../../../contract/plan';
import type { Run } from '../../../contract/run/run';
import { TareError, toFailure } from '../../../engine/base/errors';
import type { Engine } from '../../../engine/engine';
import type { Door } from '../door';
import type { Screen } from '../terminal/screen';
import { EventStream, type Following } from '../events';
import { mostPlanBytes, standardInput } from '../planFile';
import { composePlan, type PlanOptions } from '../plans';
import { chosenHosts, type HostOptions } from '../hosts/chosen';
import { runOnHosts } from '../hosts/run';
import { chosenSwarm, type SwarmWords } from '../hosts/swarm';
import { untilOver } from '../hosts/untilOver';
import { canRedraw, Progress } from '../progress';
import { givenPlan } from '../standardInput';
import { paintFailures, paintRun } from '../result';
import { paintKept, paintSummary } from '../summary';

export interface RunOptions extends PlanOptions, HostOptions, SwarmWords {
  out?: string;
  json?: boolean;
  /** with every table, note and reason */
  full?: boolean;
  /** the same, and when each phase was reached */
  phases?: boolean;
  /** also beside another Tare at work */
  anyway?: boolean;
  /** what happens, as lines of JSON */
  events?: boolean;
}

/**
 * `tare run`: executes a plan, tells how it goes on stderr, and prints what came out on stdout; with `--events` standard output has all that
 * happens instead.
 */
export async function run(door: Door, named: string | undefined, options: RunOptions): Promise<void> {
  const stream = options.events ? new EventStream(door.out) : undefined;
  try {
    await runPlan(door, named, options, stream);
  } catch (error) {
    stream?.fail(door.interrupted ? { code: 'stopped' } : toFailure(error));
    throw error;
  }
}

async function runPlan(
  door: Door,
  named: string | undefined,
  options: RunOptions,
  stream: EventStream | undefined,
): Promise<void> {
  const out = options.out === undefined ? undefined : path.resolve(door.terminal.cwd, options.out);
  if (out !== undefined) await mustBeWritable(out);
  const { cwd, stdin } = door.terminal;
  const given =
    named === standardInput && stdin
      ? await givenPlan(stdin(), { attaches: stream !== undefined, mostBytes: mostPlanBytes })
      : undefined;
  if (given?.left) door.name = 'agent';
  const following = stream && { stream, left: given?.left };
  const engine = door.engine();
  const plan = await composePlan(named, options, {
    presets: await engine.presets({}),
    compose: async (asked) => {
      const { plan, warnings } = await engine.readCompose(asked);
      tellCompose(door, plan, warnings);
      return plan;
    },
    input: given?.text,
    cwd,
  });
  const hosts = await chosenHosts(options, cwd);
  const swarm = chosenSwarm(options);
  if (hosts ?? swarm) return runOnHosts(door, engine, { plan, hosts, swarm, out }, options, following);
  const finished = await execute(door, engine, plan, options, following);
  if (out !== undefined) await writeRecord(out, finished);
  if (stream) stream.record({ run: finished });
  else tell(door, finished, options);
  door.exitCode = exitOf(finished);
}

/** What of the Compose file is not as it says is known before anything is started; the report says it again. */
function tellCompose({ err, quiet }: Door, { compose }: Plan, warnings: string[]): void {
  if (quiet || !compose) return;
  const mark = err.tone('warn', '!');
  err.line(
    err.say('cli.compose.services', { file: compose.file, services: listOf(err.locale, compose.services) }),
  );
  for (const warning of warnings) err.line(`${mark} ${warning}`);
  for (const { kind, items } of composeNotes(compose.notes))
    err.line(`${mark} ${err.say(`verdict.compose.${kind}`, { items })}`);
}

/** A run that came to nothing is told by its failure alone. */
function tell(door: Door, run: Run, options: RunOptions): void {
  const measured = run.trials.length > 0 || run.warmups.length > 0;
  if (options.json) door.out.json(run);
  else if (measured) paint(door.out, run, options);
  paintFailures(door.err, run);
  if (!options.json && measured) paintKept(door.out, run, { full: isFull(options) });
}

type Detail = Pick<RunOptions, 'full' | 'phases'>;

/** Who asks for the phases wants the tables beside them. */
export const isFull = ({ full, phases }: Detail): boolean => full === true || phases === true;

/** A run as it was asked for: the answer alone, or all that was found. */
export function paint(screen: Screen, run: Run, detail: Detail): void {
  if (isFull(detail)) paintRun(screen, run, { phases: detail.phases === true });
  else paintSummary(screen, run);
}

/** Runs the plan to its end, or until a signal stops it; resolves with the record once everything is removed. */
export async function execute(
  door: Door,
  engine: Engine,
  plan: Plan,
  { anyway = false }: Pick<RunOptions, 'anyway'> = {},
  { stream, left }: Partial<Following> = {},
): Promise<Run> {
  const isLive = canRedraw(door.err, door.terminal.env);
  const isShown = !door.quiet && !stream;
  const experience = isShown && isLive ? await engine.experience({}) : undefined;
  const progress = isShown ? new Progress(door.err, isLive, experience) : stream;
  const begin = () => engine.startRun({ plan, ...(anyway && { anyway }) });
  return engine.run({ id: await untilOver(door, engine, progress, begin, left) });
}

/** 0 only when every trial was ok. */
export function exitOf(run: Run): number {
  if (run.failure) return exitCodeOf(run.failure);
  const failed = run.trials.find((trial) => trial.outcome !== 'ok');
  return failed || run.trials.length === 0 || run.state !== 'done' ? 1 : 0;
}

/** Said before minutes of measuring, not after. */
export async function mustBeWritable(file: string): Promise<void> {
  await access(path.dirname(file), constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw new TareError({ code: 'write-failed', path: file, reason: error.code ?? error.message });
  });
}

export async function writeRecord(file: string, run: Run): Promise<void> {
  await writeFileAtomic(file, JSON.stringify(run, undefined, 2) + '\n').catch(
    (error: NodeJS.ErrnoException) => {
      throw new TareError({ code: 'write-failed', path: file, reason: error.code ?? error.message });
    },
  );
}
