import type { CommanderError } from 'commander';
import type { Locale } from '../../../contract/appearance';
import type { Failure } from '../../../contract/failures';
import { keyIn, listOf, message } from '../../../contract/messages';

/** Commander words its errors in English only; the facts are taken out of the sentence and worded again. */
export function usageFailure(locale: Locale, error: CommanderError): Failure {
  const [sentence = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const key = keyIn('cli.usage', error.code.replace(/^commander\./, ''));
  const quoted = [...sentence.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
  const facts = { what: quoted[0] ?? '', other: quoted[1] ?? '' };
  const problems = [key ? message(locale, key, facts) : sentence];
  const similar = /\(Did you mean (?:one of )?(.*)\?\)/.exec(rest.join(' '))?.[1];
  if (similar) problems.push(message(locale, 'failure.similar', { similar }));
  const choices = /Allowed choices are (.*)\.$/.exec(sentence)?.[1];
  if (choices)
    problems.push(message(locale, 'cli.usage.choices', { choices: listOf(locale, choices.split(', ')) }));
  return { code: 'bad-input', problems };
}
