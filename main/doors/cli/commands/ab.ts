import path from 'node:path';
import { Option, type Command } from 'commander';
import { message, type MessageKey } from '../../../contract/messages';
import { measuringFields } from '../../../contract/planFields';
import type { Verdict } from '../../../contract/report/report';
import type { Plan } from '../../../contract/plan';
import type { Run } from '../../../contract/run/run';
import { composeAb, type AbOptions } from '../abPlan';
import { addBuilding } from '../buildOptions';
import type { Door } from '../door';
import { addFields, collected } from '../planOptions';
import { paintFailures } from '../result';
import { paintKept } from '../summary';
import { paintVerdicts } from '../terminal/report';
import { regressionExit } from './compare';
import { execute, exitOf, isFull, mustBeWritable, paint, writeRecord, type RunOptions } from './run';

type Options = AbOptions &
  Pick<RunOptions, 'out' | 'json' | 'full' | 'phases' | 'anyway'> & {
    failOn?: 'regression';
    /** a regression counts only when a second run finds it too */
    confirm?: boolean;
  };

/** `tare ab A B`: both sides interleaved in one run, B held against A round by round. */
export function addAb(program: Command, door: Door): void {
  const say = (key: MessageKey) => message(door.locale, key);
  const command = program
    .command('ab')
    .description(say('cli.help.ab'))
    .argument('[a]', say('cli.argument.a'))
    .argument('[b]', say('cli.argument.b'))
    .option('--a <key=value>', say('cli.option.a'), collected)
    .option('--b <key=value>', say('cli.option.b'), collected);
  addFields(addBuilding(command, say), say, measuringFields)
    .addOption(new Option('--fail-on <what>', say('cli.option.fail-on')).choices(['regression']))
    .option('--minimum <share>', say('cli.option.minimum'))
    .option('--confirm', say('cli.option.confirm'))
    .option('--anyway', say('cli.option.anyway'))
    .option('--full', say('cli.option.full'))
    .option('--phases', say('cli.option.phases'))
    .option('--out <file>', say('cli.option.out-run'))
    .option('--json', say('cli.option.json'))
    .action((a: string | undefined, b: string | undefined, options: Options) => ab(door, [a, b], options));
}

async function ab(
  door: Door,
  words: readonly [string | undefined, string | undefined],
  options: Options,
): Promise<void> {
  const { cwd } = door.terminal;
  const out = options.out === undefined ? undefined : path.resolve(cwd, options.out);
  if (out !== undefined) await mustBeWritable(out);
  const engine = door.engine();
  const { json, failOn, confirm } = options;
  const sources = { presets: await engine.presets({}), cwd };
  const plan = await composeAb(words, options, sources);
  const measure = async (asked: Plan) =>
    engine.run({ id: await execute(door, engine, { plan: asked }, options) });
  const first = await measure(plan);
  if (out !== undefined) await writeRecord(door, out, first);
  const found = regressions(first);
  const again =
    confirm && found.length > 0 && !door.interrupted
      ? await measure({ ...plan, seed: plan.seed + 1 })
      : undefined;
  if (out !== undefined && again) await writeRecord(door, confirmationBeside(out), again);
  const agreed = again ? both(found, regressions(again)) : found;
  if (json) door.out.json({ runs: [first, ...(again ? [again] : [])], regression: agreed.length > 0 });
  else tell(door, { first, again, agreed }, options);
  const runs = [first, ...(again ? [again] : [])];
  door.exitCode = runs.map(exitOf).find((code) => code !== 0) ?? 0;
  if (door.exitCode === 0 && failOn && agreed.length > 0) door.exitCode = regressionExit;
}

/** `run.json` → `run-confirm.json` */
function confirmationBeside(file: string): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-confirm${ext}`);
}

/** What B is worse in. */
const regressions = ({ report }: Run): Verdict[] => (report?.verdicts ?? []).filter(({ worse }) => worse);

const both = (one: readonly Verdict[], two: readonly Verdict[]): Verdict[] =>
  one.filter(({ id }) => two.some((other) => other.id === id));

function tell(
  door: Door,
  { first, again, agreed }: { first: Run; again: Run | undefined; agreed: Verdict[] },
  detail: Pick<Options, 'full' | 'phases'>,
): void {
  for (const run of [first, ...(again ? [again] : [])]) {
    const isFirst = run === first;
    if (!isFirst) door.out.paragraph(door.out.tone('bold', door.out.say('cli.ab.again', { id: run.id })));
    const measured = run.trials.length > 0 || run.warmups.length > 0;
    if (measured && isFirst) paint(door.out, run, detail);
    else if (measured)
      paintVerdicts(
        door.out,
        (run.report?.verdicts ?? []).filter(({ worse }) => worse !== undefined),
      );
    paintFailures(door.err, run);
    if (measured) paintKept(door.out, run, { full: isFull(detail) });
  }
  if (!again) return;
  door.out.line();
  door.out.paragraph(door.out.say(agreed.length > 0 ? 'cli.ab.confirmed' : 'cli.ab.not-confirmed'));
}
