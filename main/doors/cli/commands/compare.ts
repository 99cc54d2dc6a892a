import path from 'node:path';
import { listOf } from '../../../contract/messages';
import type { RunComparison, RunReference } from '../../../contract/report/comparison';
import type { FleetsCompared } from '../../../contract/report/fleetsCompared';
import type { Engine } from '../../../engine/engine';
import { badInput, TareError } from '../../../engine/base/errors';
import type { Door } from '../door';
import { isPlanFile } from '../planFile';
import { shareOf } from '../plans';
import { findRun } from '../records';
import { paintReport } from '../terminal/report';
import type { Screen } from '../terminal/screen';

/** Exit code when a metric became worse and the caller asked to fail on that. */
export const regressionExit = 4;

export interface CompareOptions {
  json?: boolean;
  /** the only thing one can fail on so far */
  failOn?: 'regression';
  /** smallest change worth telling, as typed: `5%` or `0.05` */
  minimum?: string;
}

/** `tare compare BASE,… RUN,…`: how repeated runs stand against those of a baseline. Each may be the path of a record. */
export async function compare(
  door: Door,
  base: string,
  other: string,
  options: CompareOptions,
): Promise<void> {
  const minimumEffect = options.minimum === undefined ? undefined : shareOf(options.minimum, '--minimum');
  const engine = door.engine();
  const sides = { base: await side(door, engine, base), other: await side(door, engine, other) };
  const fleets = await onHosts(door, engine, sides, minimumEffect);
  if (fleets) return tellHosts(door, fleets, options);
  const comparison = await engine.compare({ ...sides, minimumEffect });
  if (options.failOn && comparison.regression) door.exitCode = regressionExit;
  if (options.failOn && !comparison.repeated) door.err.paragraph(door.err.say('cli.compare.no-gate'));
  if (options.json) return door.out.json(comparison);
  paint(door.out, comparison);
}

/**
 * Two runs on several hosts; null where these are others.
 * @throws {TareError} `bad-input` where there are more of them · `not-comparable` where one is on this computer alone
 */
async function onHosts(
  door: Door,
  engine: Engine,
  { base, other }: Record<'base' | 'other', RunReference[]>,
  minimumEffect: number | undefined,
): Promise<FleetsCompared | null> {
  const [[before, ...more], [after, ...others]] = [base, other] as [RunReference[], RunReference[]];
  if (more.length === 0 && others.length === 0) {
    return before && after ? engine.compareFleets({ base: before, other: after, minimumEffect }) : null;
  }
  for (const run of [...base, ...other])
    if ('id' in run && (await engine.fleet({ id: run.id }))) throw badInput('cli.compare.several-fleets');
  return null;
}

function tellHosts(door: Door, compared: FleetsCompared, { json, failOn }: CompareOptions): void {
  if (failOn && compared.regression) door.exitCode = regressionExit;
  if (failOn && compared.changes.every(({ pooled }) => !pooled))
    door.err.paragraph(door.err.say('cli.compare.no-gate-hosts'));
  if (json) return door.out.json(compared);
  const name = ({ id, name, startedAt, hosts }: FleetsCompared['base']) =>
    door.out.say('cli.compare.fleet', {
      ...{ id, name, hosts },
      when: door.out.moment(startedAt),
    });
  paintCompared(door.out, name(compared.base), name(compared.other), compared);
}

/** Runs of one side, separated by commas; each once, since a run that is named twice is not two. */
async function side(door: Door, engine: Engine, words: string): Promise<RunReference[]> {
  const found: RunReference[] = [];
  for (const word of new Set(words.split(',').filter(Boolean)))
    found.push(await reference(door, engine, word));
  if (found.length > 0) return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
  throw new TareError({ code: 'run-unknown', id: words });
}

/** A word with a folder or `.json` in it is a file; everything else names a run of the history. */
const reference = async (door: Door, engine: Engine, word: string): Promise<RunReference> =>
  isPlanFile(word) ? { path: path.resolve(door.terminal.cwd, word) } : { id: await findRun(engine, word) };

function paint(screen: Screen, { base, other, verdicts, tables }: RunComparison): void {
  const name = (run: RunComparison['base'][number]) =>
    screen.say('cli.compare.run', {
      id: run.id,
      name: run.name,
      when: screen.moment(run.startedAt),
      trials: run.trials,
    });
  const names = (runs: RunComparison['base']) => listOf(screen.locale, runs.map(name));
  paintCompared(screen, names(base), names(other), { verdicts, tables });
}

/** What is compared with what, the findings, the figures, and how they were found. */
function paintCompared(
  screen: Screen,
  base: string,
  other: string,
  report: Pick<RunComparison, 'verdicts' | 'tables'>,
): void {
  screen.paragraph(screen.tone('bold', screen.say('cli.compare.heading', { base, other })));
  paintReport(screen, report);
}
