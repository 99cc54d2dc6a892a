import path from 'node:path';
import { YAMLParseError } from 'yaml';
import { isFromHome, type BuildOptions } from '../../contract/work/building';
import { Plan, unnamed, type PlanInput } from '../../contract/plan';
import { parseBytes, parseMs } from '../../contract/quantities';
import { badInput, TareError } from '../../engine/base/errors';
import { foreignText } from '../../engine/base/foreignText';
import { fieldName, parsed } from '../problems';
import { BeyondPlans, parsePlanText } from './planText';

/** What stands for standard input among the names of plans. */
export const standardInput = '-';

/** A word with one of these endings, or with a folder in it, is a file and never a preset. */
export const isPlanFile = (word: string): boolean => /\.(json|ya?ml)$/i.test(word) || /[/\\]/.test(word);

/** Of a record, whose plan is run again; a plan itself may have less. */
export const mostPlanBytes = 128 * 1024 ** 2;

/** A parser repeats what it cannot read, however long that is. */
const cutTo = (sentence: string): string =>
  sentence.length > longestReason ? `… ${sentence.slice(-longestReason)}` : sentence;
const longestReason = 300;

/** A file that is not there has a system code; broken notation has a sentence that ends with the line and column. */
const reasonOf = (error: unknown): string =>
  error instanceof YAMLParseError
    ? cutTo(error.message.split('\n')[0]!.replace(/:$/, ''))
    : error instanceof BeyondPlans
      ? 'beyond-bounds'
      : ((error as NodeJS.ErrnoException).code ?? String(error));

const unreadable = (file: string) => (error: unknown) => {
  throw new TareError({ code: 'plan-unreadable', path: file, reason: reasonOf(error) });
};

/**
 * Reads the file of a plan.
 * @throws {TareError} as {@link planFrom}
 */
export async function readPlanFile(file: string, cwd: string): Promise<PlanInput> {
  const full = path.resolve(cwd, file);
  const text = await foreignText(full, { bytes: mostPlanBytes, pipes: true }).catch(unreadable(full));
  return planFrom(text, { name: full, folder: path.dirname(full) });
}

/**
 * A plan as people write it: JSON or YAML (which includes JSON), sizes and durations with units.
 * A `run.json` is taken too: its plan is run again.
 * @param source.name    names it in a failure
 * @param source.folder  where files that it names are looked for
 * @throws {TareError} `plan-unreadable` · `bad-input` with one line per problem
 */
export function planFrom(text: string, { name, folder }: { name: string; folder: string }): PlanInput {
  let written: unknown;
  try {
    written = parsePlanText(text);
  } catch (error) {
    unreadable(name)(error);
  }
  if (isObject(written) && 'schemaVersion' in written && isObject(written.plan)) written = written.plan;
  const input = withUnits(
    // where editors find the description of plans is no part of one
    isObject(written) ? { name: unnamed, ...written, $schema: undefined } : written,
  );
  checkPlan(input);
  return resolved(input as PlanInput, folder);
}

/**
 * The plan with every default filled in.
 * @param nameOf  names a field that is refused
 * @throws {TareError} `bad-input`; a field that no plan has is refused too, since a misspelt one would silently change nothing
 */
export function checkPlan(input: unknown, nameOf = fieldName): Plan {
  const plan = parsed(Plan, input, nameOf);
  const unknown = unknownFields(input, plan);
  if (unknown.length > 0) throw badInput('problem.unknown-field', { fields: { list: unknown } });
  return plan;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that were written but that the schema dropped. */
function unknownFields(written: unknown, kept: unknown, at: PropertyKey[] = []): string[] {
  if (Array.isArray(written) && Array.isArray(kept)) {
    return written.flatMap((value, index) => unknownFields(value, kept[index], [...at, index]));
  }
  if (!isObject(written) || !isObject(kept)) return [];
  return Object.entries(written).flatMap(([name, value]) =>
    name in kept || value === undefined
      ? unknownFields(value, kept[name], [...at, name])
      : [fieldName([...at, name])],
  );
}

/** `memoryBytes: 256M` and `soakMs: 5s` are understood; what is not a quantity is left for the schema to refuse. */
function withUnits(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => withUnits(entry));
  if (isObject(value)) {
    if (name === 'environment' || name === 'buildArgs') return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withUnits(entry, key)]));
  }
  if (typeof value !== 'string') return value;
  if (name.endsWith('Bytes')) return parseBytes(value) ?? value;
  if (name.endsWith('Ms')) return parseMs(value) ?? value;
  return value;
}

/** Folders and files in a plan are meant from where the plan lies. */
const resolved = (plan: PlanInput, folder: string): PlanInput => ({
  ...plan,
  workloads: plan.workloads.map((workload) => {
    const { image, disk } = workload;
    const here = (file: string) => (isFromHome(file) ? file : path.resolve(folder, file));
    return {
      ...workload,
      ...(image?.kind === 'folder' && {
        image: { ...image, path: here(image.path), ...secretsFrom(image, folder) },
      }),
      ...(disk && { disk: { ...disk, file: here(disk.file) } }),
    };
  }),
});

const secretsFrom = ({ secrets }: BuildOptions, folder: string): Pick<BuildOptions, 'secrets'> =>
  secrets
    ? { secrets: secrets.map((one) => (one.src ? { ...one, src: path.resolve(folder, one.src) } : one)) }
    : {};
