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
type ImageInput = NonNullable<PlanInput['workloads'][number]['image']>;

const numberIn = (form: RegExp, text: string): number | undefined =>
  form.test(text.trim()) ? Number(text) : undefined;

export const wholeNumber: Notation<number> = {
  called: 'whole-number',
  parse: (text) => numberIn(/^\d{1,15}$/, text),
  print: String,
};
export const positive: Notation<number> = {
  called: 'number',
  parse: (text) => numberIn(/^\d*\.?\d+$/, text) || undefined,
  print: String,
};
export const share: Notation<number> = {
  called: 'share',
  parse: parseShare,
  print: (part) => `${part * 100}%`,
};
export const size: Notation<number> = {
  called: 'size',
  parse: parseBytes,
  print: (bytes) => (bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30} GiB` : `${bytes / 2 ** 20} MiB`),
};
export const milliseconds: Notation<number> = {
  called: 'duration',
  parse: parseMs,
  print: (ms) => `${ms / 1000}s`,
};
export const seconds: Notation<number> = {
  called: 'duration',
  parse(text) {
    const ms = parseMs(text);
    return ms === undefined ? undefined : ms / 1000;
  },
  print: (count) => `${count}s`,
};
export const text: Notation<string> = { parse: (typed) => typed.trim(), print: String };
export const words: Notation<string[]> = { parse: wordsOf, print: shellLine };
export const list: Notation<string[]> = {
  parse: (typed) =>
    typed
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  print: String,
};
/** One is read, and all are printed, each on a line. */
export const variables: Notation<Variables> = {
  called: 'setting',
  parse(typed) {
    const variable = variableOf(typed);
    return variable && Object.fromEntries([variable]);
  },
  print: (all) => Object.entries(all).map(variableText).join('\n'),
};
export const httpPath: Notation<Probe> = {
  called: 'path',
  parse: (typed) => (typed.trim().startsWith('/') ? { kind: 'http', path: typed.trim() } : undefined),
  print: (probe) => (probe.kind === 'http' ? probe.path : '/'),
};
export const reference: Notation<ImageInput> = {
  parse: (typed) => ({ kind: 'reference', reference: typed.trim() }),
  print: (image) => (image.kind === 'reference' ? image.reference : ''),
};
export const folder: Notation<ImageInput> = {
  parse: (typed) => ({ kind: 'folder', path: typed.trim() }),
  print: (image) => (image.kind === 'folder' ? image.path : ''),
};
export const builtin: Notation<ImageInput> = {
  called: 'workload',
  parse(typed) {
    const name = offeredNames.find((known) => known === typed);
    return name && { kind: 'builtin', name };
  },
  print: (image) => (image.kind === 'builtin' ? image.name : ''),
};
/** Nothing is typed but the option itself. */
export const yes: Notation<true> = { parse: () => true, print: () => '' };
