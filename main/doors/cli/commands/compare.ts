import path from 'node:path';
import { listOf, type MessageKey } from '../../../contract/messages';
import type { ComparedRun, RunReference } from '../../../contract/report/comparison';
import type { ComparedFleet } from '../../../contract/report/fleetsCompared';
import type { Output } from '../../../contract/calls';
import type { Engine } from '../../../engine/engine';
import { TareError } from '../../../engine/base/errors';
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

type Compared = Output<'compare'>;

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
  const compared = await engine.compare({ ...sides, minimumEffect });
  if (options.failOn) {
    if (compared.regression) door.exitCode = regressionExit;
    const why = noGate(compared);
    if (why) door.err.paragraph(door.err.say(why));
  }
  if (options.json) return door.out.json(compared);
  paint(door.out, compared);
}

/** Why no regression can be told; undefined where one could. */
function noGate(compared: Compared): MessageKey | undefined {
  if ('repeated' in compared) return compared.repeated ? undefined : 'cli.compare.no-gate';
  return compared.changes.every(({ pooled }) => !pooled) ? 'cli.compare.no-gate-hosts' : undefined;
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

/** What is compared with what, the findings, the figures, and how they were found. */
function paint(screen: Screen, compared: Compared): void {
  const names = (side: Compared['base']) =>
    listOf(
      screen.locale,
      [side].flat().map((one) => nameOf(screen, one)),
    );
  const heading = { base: names(compared.base), other: names(compared.other) };
  screen.paragraph(screen.tone('bold', screen.say('cli.compare.heading', heading)));
  paintReport(screen, compared);
}

function nameOf(screen: Screen, { startedAt, ...facts }: ComparedRun | ComparedFleet): string {
  const when = screen.moment(startedAt);
  return 'trials' in facts
    ? screen.say('cli.compare.run', { ...facts, when })
    : screen.say('cli.compare.fleet', { ...facts, when });
}
