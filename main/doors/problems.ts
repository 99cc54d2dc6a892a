import type { z } from 'zod';
import type { InputProblem, PlainFact } from '../contract/facts';
import { keyIn, tell, type MessageKey, type Problem } from '../contract/messages';
import { readAs } from '../contract/run/bounds';
import { TareError } from '../engine/base/errors';

type Issue = z.core.$ZodIssue;

/** `workloads[0].limits.memoryBytes`: as a person would look for it in a plan. */
export const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');

/** Nobody reads more, and a foreign file may be wrong in each of a million places. */
const mostIssues = 100;

/**
 * The input as its schema reads it.
 * @param nameOf  names a field as whoever wrote it knows it
 * @throws {TareError} `bad-input` with every problem, each once
 */
export function parsed<S extends z.ZodType>(schema: S, input: unknown, nameOf = fieldName): z.output<S> {
  const { success, data, error } = readAs(schema, input);
  if (success) return data;
  const found = error.issues.slice(0, mostIssues).map((issue) => problem(issue, nameOf(issue.path)));
  const each = new Map(found.map((one) => [JSON.stringify(one), one]));
  throw new TareError({ code: 'bad-input', problems: [...each.values()] });
}

function problem(issue: Issue, field: string): InputProblem {
  const place: Record<string, PlainFact> = field ? { at: field } : {};
  const say = (key: Problem, facts: Record<string, PlainFact> = {}) =>
    tell(`problem.${key}`, { ...facts, ...place });
  const worded = (): InputProblem => {
    const known: MessageKey | undefined = keyIn('problem', issue.message);
    // zod's own sentences about a form have one text
    return {
      key: known ?? (issue.message.startsWith('Invalid') ? 'problem.form' : issue.message),
      facts: place,
    };
  };
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.message.endsWith('received undefined')) return say('missing');
      const words = keyIn('problem.type', issue.expected);
      return words ? tell(words, place) : say('type', { expected: issue.expected });
    }
    case 'invalid_value':
      return say('choice', { values: { list: issue.values.map(String) } });
    case 'invalid_union':
      return issue.discriminator && 'options' in issue
        ? say('choice', { values: { list: (issue.options as unknown[]).map(String) } })
        : say('form');
    case 'too_small':
    case 'too_big':
      return say(bound(issue), { limit: limitOf(issue) });
    case 'invalid_format':
      return 'prefix' in issue ? say('prefix', { prefix: String(issue.prefix) }) : worded();
    case 'invalid_key':
      return say('key');
    case 'unrecognized_keys':
      return say('unknown-field', { fields: { list: issue.keys } });
    default:
      return worded();
  }
}

/** The bound in the unit that the field's name ends with. */
function limitOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): PlainFact {
  const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const field = String(issue.path.at(-1));
  if (issue.origin === 'string' || issue.origin === 'array') return limit;
  return field.endsWith('Bytes') ? { bytes: limit } : field.endsWith('Ms') ? { ms: limit } : limit;
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Problem {
  const side = issue.code === 'too_small' ? 'least' : 'most';
  if (issue.origin === 'string') return `characters-${side}`;
  if (issue.origin === 'array') return `entries-${side}`;
  return issue.inclusive === false ? (side === 'least' ? 'above' : 'below') : side;
}
