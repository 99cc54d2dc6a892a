/** How people type the values of a plan's fields, and how these are written again. */
import { shellLine, wordsOf } from './commandLine';
import { offeredNames, type PlanInput, type Probe } from './plan';
import { parseBytes, parseMs, parseShare } from './quantities';
import { variableOf, variableText, type Variables } from './work/variables';

export interface Notation<T> {
  /** undefined where the text is no such value */
  parse(text: string): T | undefined;
  print(value: T): string;
  /** the command line refuses other text by `cli.not-a-…` */
  called?: 'duration' | 'number' | 'path' | 'setting' | 'share' | 'size' | 'whole-number' | 'workload';
}
const notation = <T>(
  parse: (typed: string) => T | undefined,
  print: (value: T) => string = String,
  called?: Notation<T>['called'],
): Notation<T> => ({ parse, print, ...(called && { called }) });

const numberIn = (form: RegExp) => (typed: string) => (form.test(typed.trim()) ? Number(typed) : undefined);
export const wholeNumber = notation(numberIn(/^\d{1,15}$/), String, 'whole-number');
const decimal = numberIn(/^\d*\.?\d+$/);
export const positive = notation((typed) => decimal(typed) || undefined, String, 'number');
export const share = notation(parseShare, (part) => `${part * 100}%`, 'share');
const printSize = (bytes: number): string =>
  bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30} GiB` : `${bytes / 2 ** 20} MiB`;
export const size = notation(parseBytes, printSize, 'size');
export const milliseconds = notation(parseMs, (ms) => `${ms / 1000}s`, 'duration');
const parseSeconds = (typed: string): number | undefined => {
  const ms = parseMs(typed);
  return ms && ms / 1000;
};
export const seconds = notation(parseSeconds, (count) => `${count}s`, 'duration');

export const text = notation((typed) => typed);
export const words = notation(wordsOf, shellLine);
const entries = (typed: string): string[] => typed.split(',').map((entry) => entry.trim());
export const list = notation((typed) => entries(typed).filter(Boolean));

/** One is read, and all are printed, each on a line. */
export const variables = notation<Variables>(
  (typed) => {
    const variable = variableOf(typed);
    return variable && Object.fromEntries([variable]);
  },
  (all) => Object.entries(all).map(variableText).join('\n'),
  'setting',
);
export const httpPath = notation<Probe>(
  (typed) => (typed.trim().startsWith('/') ? { kind: 'http', path: typed.trim() } : undefined),
  (probe) => (probe.kind === 'http' ? probe.path : '/'),
  'path',
);

type ImageInput = NonNullable<PlanInput['workloads'][number]['image']>;
export const reference = notation<ImageInput>(
  (typed) => ({ kind: 'reference', reference: typed }),
  (image) => (image.kind === 'reference' ? image.reference : ''),
);
export const folder = notation<ImageInput>(
  (typed) => ({ kind: 'folder', path: typed }),
  (image) => (image.kind === 'folder' ? image.path : ''),
);
export const builtin = notation<ImageInput>(
  (typed) => {
    const name = offeredNames.find((known) => known === typed);
    return name && { kind: 'builtin', name };
  },
  (image) => (image.kind === 'builtin' ? image.name : ''),
  'workload',
);
/** Nothing is typed but the option itself. */
export const yes = notation(
  () => true as const,
  () => '',
);
