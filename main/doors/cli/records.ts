import type { Output } from '../../contract/calls';
import { isOfHosts, type RunRecord } from '../../contract/record';
import { isRunId, type RunId, type RunSummary } from '../../contract/run/run';
import type { Engine } from '../../engine/engine';
import { badInput, TareError } from '../../engine/base/errors';
import type { Door } from './door';

/** A record as the engine tells it: of several hosts without their runs. */
export type ToldRecord = Output<'record'>;

/** Newest first. */
export async function recordedRuns(engine: Engine): Promise<RunSummary[]> {
  const runs = await engine.runs({});
  return runs.toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

/**
 * The run that a word means: its id, a beginning of it that no other has, the name it was given, or `last`.
 * @throws {TareError} `run-unknown`, but for a whole id, which is not looked for · `bad-input` when several begin like this
 */
export async function findRun(engine: Engine, word: string): Promise<RunId> {
  // an id names its run whatever others there are: no other record is looked at
  if (isRunId(word)) return word;
  const runs = await recordedRuns(engine);
  const matching = word === 'last' ? runs.slice(0, 1) : runs.filter(({ id }) => id.startsWith(word));
  const exact = matching.find(({ id }) => id === word) ?? onlyNamed(runs, word);
  const found = exact ?? (matching.length === 1 ? matching[0] : undefined);
  if (found) return found.id;
  if (matching.length === 0 || word === '') throw new TareError({ code: 'run-unknown', id: word });
  const some = matching.slice(0, 5).map(({ id }) => id);
  if (matching.length > some.length) some[some.length - 1] += ' …';
  throw badInput('cli.ambiguous-run', { word, ids: { list: some } });
}

/** The run with this name, when a single one has it. */
function onlyNamed(runs: RunSummary[], name: string): RunSummary | undefined {
  const [found, another] = runs.filter(({ label }) => label?.name !== undefined && label.name === name);
  return another ? undefined : found;
}

/** Prints a record as JSON, whole. */
export async function printRecord(door: Door, record: ToldRecord): Promise<void> {
  if (isOfHosts(record)) door.out.bytes(await exported(door, record.id));
  else door.out.json(record);
}

/** A record with the runs of all hosts, as it is exported. */
export const wholeRecord = async (door: Door, record: ToldRecord): Promise<RunRecord> =>
  isOfHosts(record) ? (JSON.parse((await exported(door, record.id)).toString()) as RunRecord) : record;

async function exported(door: Door, id: RunId): Promise<Buffer> {
  const asked = { run: { id }, format: 'json' as const, locale: door.locale, published: false };
  return Buffer.from((await door.engine().renderRun(asked)).base64, 'base64');
}
