import type { CommanderError } from 'commander';
import type { InputProblem } from '../../../contract/facts';
import type { Failure } from '../../../contract/failures';
import { keyIn, tell } from '../../../contract/messages';

/** Commander words its errors in English only; the facts are taken out of the sentence and worded again. */
export function usageFailure(error: CommanderError): Failure {
  const [sentence = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const key = keyIn('cli.usage', error.code.replace(/^commander\./, ''));
  const quoted = [...sentence.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
  const facts = { what: quoted[0] ?? '', other: quoted[1] ?? '' };
  const problems: InputProblem[] = [key ? tell(key, facts) : sentence];
  const similar = /\(Did you mean (?:one of )?(.*)\?\)/.exec(rest.join(' '))?.[1];
  if (similar) problems.push(tell('failure.similar', { similar }));
  const choices = /Allowed choices are (.*)\.$/.exec(sentence)?.[1];
  if (choices) problems.push(tell('cli.usage.choices', { choices: { list: choices.split(', ') } }));
  return { code: 'bad-input', problems };
}
