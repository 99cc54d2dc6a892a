import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { listOf } from '../../../contract/messages';
import { composeNotes } from '../../../contract/run/compose';
import type { Parsed } from '../../../contract/calls';
import { exitCodeOf } from '../../../contract/failures';
import type { FleetOverview } from '../../../contract/fleet/fleet';
import type { Plan } from '../../../contract/plan';
import { isOfHosts } from '../../../contract/record';
import type { Run, RunId } from '../../../contract/run/run';
import { TareError, toFailure } from '../../../engine/base/errors';
import type { Engine } from '../../../engine/engine';
import type { Door } from '../door';
import type { Screen } from '../terminal/screen';
import { EventStream, type Following } from '../events';
import { mostPlanBytes, standardInput } from '../planFile';
import { composePlan, type PlanOptions } from '../plans';
import { chosenHosts, type HostOptions } from '../hosts/chosen';
import { HostsProgress } from '../hosts/progress';
import { paintHosts } from '../hosts/result';
import { chosenSwarm, type SwarmWords } from '../hosts/swarm';
import { untilOver } from '../untilOver';
import { canRedraw, Progress } from '../progress';
import { givenPlan } from '../standardInput';
import { printRecord, wholeRecord, type ToldRecord } from '../records';
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
  const where = { hosts: await chosenHosts(options, cwd), swarm: chosenSwarm(options) };
  const id = await execute(door, engine, { plan, ...where }, options, following);
  const record = await engine.record({ id });
  if (out !== undefined) await writeRecord(door, out, record);
  if (stream) stream.record(await wholeRecord(door, record));
  else await tell(door, record, options);
  door.exitCode = exitOf(record);
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
async function tell(door: Door, record: ToldRecord, options: RunOptions): Promise<void> {
  const onHosts = isOfHosts(record);
  const measured = onHosts || record.trials.length > 0 || record.warmups.length > 0;
  if (options.json) await printRecord(door, record);
  else if (measured) paint(door.out, record, options);
  if (!onHosts) paintFailures(door.err, record);
  if (!options.json && measured) paintKept(door.out, record, { full: isFull(options), picture: !onHosts });
}

type Detail = Pick<RunOptions, 'full' | 'phases'>;

/** Who asks for the phases wants the tables beside them. */
export const isFull = ({ full, phases }: Detail): boolean => full === true || phases === true;

/** A record as it was asked for: the answer alone, or all that was found. */
export function paint(screen: Screen, record: ToldRecord, detail: Detail): void {
  if (isOfHosts(record)) paintHosts(screen, record, detail);
  else if (isFull(detail)) paintRun(screen, record, { phases: detail.phases === true });
  else paintSummary(screen, record);
}

type Order = Pick<Parsed<'startRun'>, 'plan' | 'hosts' | 'swarm'>;

/** Runs the plan to its end, or until a signal stops it; resolves with the record's id once everything is removed. */
export async function execute(
  door: Door,
  engine: Engine,
  order: Order,
  { anyway = false }: Pick<RunOptions, 'anyway'> = {},
  { stream, left }: Partial<Following> = {},
): Promise<RunId> {
  const elsewhere = order.hosts !== undefined || order.swarm !== undefined;
  const progress = door.quiet || stream ? stream : await progressOf(door, engine, elsewhere);
  const asks = elsewhere && door.err.isTerminal;
  const begin = () => engine.startRun({ ...order, ...(anyway && { anyway }), ...(asks && { asks }) });
  return untilOver(door, engine, progress, begin, left);
}

async function progressOf({ err, terminal }: Door, engine: Engine, onHosts: boolean) {
  const isLive = canRedraw(err, terminal.env);
  if (onHosts) return new HostsProgress(err, isLive);
  return new Progress(err, isLive, isLive ? await engine.experience({}) : undefined);
}

/**
 * By the record, since not all that happens is told while it happens. 0 only when every trial was ok, on every host; 3 when no host could
 * begin.
 */
export function exitOf(record: ToldRecord): number {
  if (record.failure) return exitCodeOf(record.failure);
  return (isOfHosts(record) ? areOk(record) : isOk(record)) ? 0 : 1;
}

const isOk = ({ state, trials }: Run): boolean =>
  state === 'done' && trials.length > 0 && trials.every(({ outcome }) => outcome === 'ok');

const areOk = ({ hosts }: FleetOverview): boolean =>
  hosts.every(({ outcome, trials }) => outcome === 'ok' && (trials?.failed ?? 0) === 0);

/** Said before minutes of measuring, not after. */
export async function mustBeWritable(file: string): Promise<void> {
  await access(path.dirname(file), constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw new TareError({ code: 'write-failed', path: file, reason: error.code ?? error.message });
  });
}

export async function writeRecord(door: Door, file: string, record: ToldRecord): Promise<void> {
  if (isOfHosts(record)) {
    const asked = { id: record.id, format: 'json' as const, locale: door.locale, published: false };
    return void (await door.engine().exportRun({ ...asked, path: file }));
  }
  await writeFileAtomic(file, JSON.stringify(record, undefined, 2) + '\n').catch(
    (error: NodeJS.ErrnoException) => {
      throw new TareError({ code: 'write-failed', path: file, reason: error.code ?? error.message });
    },
  );
}
