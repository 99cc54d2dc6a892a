/** What `tare ab A B` runs: one plan with two sides, whatever they differ in. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Commit, type Plan, type PlanInput } from '../../contract/plan';
import { TargetId } from '../../contract/targets';
import { badInput } from '../../engine/base/errors';
import { checkPlan, isPlanFile } from './planFile';
import { composePlan, shareOf, type PlanOptions } from './plans';

export interface AbOptions extends PlanOptions {
  /** `KEY=VALUE` of one side: memory, cpus, port, probe, env.NAME, or commit */
  a?: string[];
  b?: string[];
  /** smallest change worth telling, as typed: `10%` or `0.1` */
  minimum?: string;
}

interface Sources {
  presets: PlanInput[];
  cwd: string;
}

/** of a plan */
const longestName = 80;
/** Enough for a difference of 10 % at 6 % of noise in four of five runs. */
const usual = { trials: '10' };
const settings = ['memory', 'cpus', 'port', 'probe'] as const;
/** The commit that a side was made of: no setting, and nothing that sides differ in by itself. */
const commitSetting = 'commit=';

/**
 * Two targets, two images, two folders with a Dockerfile, two plan files, or one of these with different settings.
 * @throws {TareError} `bad-input`, and what a plan is refused for
 */
export async function composeAb(
  words: readonly [string | undefined, string | undefined],
  { a: typedA, b: typedB, minimum, ...options }: AbOptions,
  sources: Sources,
): Promise<Plan> {
  const [a, b] = [words[0], words[1] ?? words[0]];
  const commits = commitsOf(typedA, typedB);
  const [ofA, ofB] = [besidesCommit(typedA), besidesCommit(typedB)];
  const ab = minimum === undefined ? {} : { minimumEffect: shareOf(minimum, '--minimum') };
  if (isTarget(words[0]) && isTarget(words[1])) {
    if (ofA || ofB || commits) throw badInput('cli.ab.targets-alone');
    const plan = await composePlan(
      undefined,
      { ...usual, ...options, targets: `${words[0]},${words[1]}` },
      sources,
    );
    return { ...plan, ab: { sides: 'targets', a: words[0], b: words[1], ...ab } };
  }
  if (a === b && !ofA && !ofB) throw badInput('cli.ab.same');
  const sideOf = (word: string | undefined, own: string[] | undefined) =>
    planOf(word, { ...options, ...settingsOf(own ?? [], options.env) }, sources);
  const [first, second] = [await sideOf(a, ofA), await sideOf(b, ofB)];
  const workloads = [first, second].map((plan, at) => {
    const [workload, ...others] = plan.workloads;
    if (others.length > 0) throw badInput('cli.ab.one-workload');
    return { ...workload!, name: at === 0 ? 'a' : 'b' };
  });
  if (String(first.targets.toSorted()) !== String(second.targets.toSorted()))
    throw badInput('cli.ab.other-targets');
  const name = [...new Set([first.name, second.name])].join(' / ').slice(0, longestName);
  const sides = { sides: 'workloads' as const, a: 'a', b: 'b', ...ab };
  return checkPlan({ ...first, name, workloads, ab: sides, ...(commits && { commits }) });
}

/** Undefined where nothing else was set. */
function besidesCommit(words: readonly string[] = []): string[] | undefined {
  const others = words.filter((word) => !word.startsWith(commitSetting));
  return others.length > 0 ? others : undefined;
}

/** Of both sides, or of none: one alone says since when nothing is so. */
function commitsOf(a: readonly string[] = [], b: readonly string[] = []): Plan['commits'] {
  const typed = [a, b].map((words) => words.findLast((word) => word.startsWith(commitSetting)));
  if (typed.every((word) => word === undefined)) return undefined;
  const [one, other] = typed.map((word) => {
    const [id, date] = (word ?? '').slice(commitSetting.length).split(' ');
    return Commit.safeParse({ id, date }).data;
  });
  if (one && other) return { a: one, b: other };
  throw badInput('cli.ab.commits');
}

const isTarget = (word: string | undefined): word is string => TargetId.safeParse(word).success;

/** A plan file as it is; an image or a folder as a container, unless other targets are named. */
function planOf(word: string | undefined, options: PlanOptions, sources: Sources): Promise<Plan> {
  if (word !== undefined && /\.(json|ya?ml)$/i.test(word)) return composePlan(word, options, sources);
  const alone = { ...usual, targets: 'container', ...options };
  if (word === undefined) return composePlan(undefined, alone, sources);
  const folder = path.resolve(sources.cwd, word);
  const isFolder = existsSync(path.join(folder, 'Dockerfile'));
  const isPath = isPlanFile(word) && /^[./~]/.test(word);
  return composePlan(
    undefined,
    { ...alone, ...(isFolder || isPath ? { build: word } : { image: word }) },
    sources,
  );
}

/** `memory=256M`, `env.NAME=value` … as the options that they are for both sides. */
function settingsOf(words: readonly string[], env: readonly string[] = []): PlanOptions {
  const read: PlanOptions = { env: [...env] };
  for (const word of words) {
    const at = word.indexOf('=');
    const [key, value] = [word.slice(0, at), word.slice(at + 1)];
    const known = settings.find((name) => name === key);
    if (at > 0 && known) read[known] = value;
    else if (at > 4 && key.startsWith('env.')) read.env!.push(word.slice(4));
    else
      throw badInput('cli.ab.not-a-setting', {
        text: word,
        known: { list: [...settings, 'env.NAME', 'commit'] },
      });
  }
  return read;
}
