import type { z } from 'zod';
import type { Locale } from '../contract/appearance';
import { listOf, message, wordsFor, type Problem } from '../contract/messages';
import type { Fact } from '../contract/report/report';

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
 * What schemas refuse, as readable lines, each once: which field, and what it must be.
 * @param nameOf  names a field as whoever wrote it knows it
 */
export const problems = (locale: Locale, issues: readonly Issue[], nameOf = fieldName): string[] => {
  const lines = issues.slice(0, mostIssues).map((issue) => {
    const field = nameOf(issue.path);
    const what = problem(locale, issue);
    return field ? message(locale, 'problem.at', { field, what }) : what;
  });
  return [...new Set(lines)];
};

function problem(locale: Locale, issue: Issue): string {
  const say = (key: Problem, facts: Record<string, Fact> = {}) => message(locale, `problem.${key}`, facts);
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.message.endsWith('received undefined')) return say('missing');
      return wordsFor(locale, 'problem.type', issue.expected) ?? say('type', { expected: issue.expected });
    }
    case 'invalid_value':
      return say('choice', { values: listOf(locale, issue.values.map(String)) });
    case 'invalid_union':
      return issue.discriminator && 'options' in issue
        ? say('choice', { values: listOf(locale, (issue.options as unknown[]).map(String)) })
        : say('form');
    case 'too_small':
    case 'too_big':
      return say(bound(issue), { limit: limitOf(issue) });
    case 'invalid_format':
      return 'prefix' in issue
        ? say('prefix', { prefix: String(issue.prefix) })
        : worded(locale, issue.message);
    case 'invalid_key':
      return say('key');
    case 'unrecognized_keys':
      return say('unknown-field', { fields: listOf(locale, issue.keys) });
    default:
      return worded(locale, issue.message);
  }
}

/** The bound in the unit that the field's name ends with. */
function limitOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Fact {
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

/** The contract's schemas name a problem; zod's own sentences about a form have one text. */
const worded = (locale: Locale, said: string): string =>
  wordsFor(locale, 'problem', said) ?? (said.startsWith('Invalid') ? message(locale, 'problem.form') : said);
