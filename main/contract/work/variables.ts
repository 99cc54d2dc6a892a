import { z } from 'zod';
import type { Problem } from '../keys';

/** Of one program; a system's whole environment has some dozens. */
const mostVariables = 1000;

/**
 * What a program finds in its environment, or a build among its arguments, by name. Null stands for the value that Tare finds under that
 * name in its own environment when it begins, as Compose and `docker run --env NAME` have it: it is in no plan and no record.
 */
export const Variables = z
  .record(z.string().regex(/^[^=\0]+$/), z.string().nullable())
  .refine((variables) => Object.keys(variables).length <= mostVariables, {
    message: 'too-many-variables' satisfies Problem,
  });
export type Variables = z.infer<typeof Variables>;

/** Each with its value. */
export type Given = Record<string, string>;

/** Their names alone. */
export const withoutValues = (variables: Variables): Variables =>
  Object.fromEntries(Object.keys(variables).map((name) => [name, null]));

/** One as a person writes it, `NAME=VALUE` or `NAME`; undefined where it has no name. */
export function variableOf(text: string): [name: string, value: string | null] | undefined {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  return name === '' ? undefined : [name, at < 0 ? null : text.slice(at + 1)];
}

/** What was typed, for an error's sentence. */
export const withoutValue = (text: string): string => text.replace(/=.*$/s, '=…');

/** The same written again. */
export const variableText = ([name, value]: [name: string, value: string | null]): string =>
  value === null ? name : `${name}=${value}`;
