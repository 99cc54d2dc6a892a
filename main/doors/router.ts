import { isWithinBounds, readAs } from '../contract/run/bounds';
import { calls, type CallName } from '../contract/calls';
import { type Locale } from '../contract/appearance';
import type { Answer, Failure } from '../contract/failures';
import type { Engine } from '../engine/engine';
import { toFailure } from '../engine/base/errors';
import { message } from '../contract/messages';
import { mostRecordBytes } from '../contract/exports';
import { problems } from './problems';

const refuse = (failure: Failure): Answer<never> => ({ ok: false, failure });

/**
 * Answers one request from outside. Never throws: a failure is a value, so it survives any wire.
 * @param locale  the language of the problems that bad input is refused with
 */
export async function answer(
  engine: Engine,
  name: string,
  input: unknown,
  locale: Locale = 'en',
): Promise<Answer<unknown>> {
  if (!Object.hasOwn(calls, name))
    return refuse({ code: 'bad-input', problems: [message(locale, 'problem.no-call', { name })] });
  if (!isWithinBounds(input, mostRecordBytes))
    return refuse({ code: 'bad-input', problems: [message(locale, 'problem.beyond-bounds')] });
  const parsed = readAs(calls[name as CallName].input, input);
  if (!parsed.success) return refuse({ code: 'bad-input', problems: problems(locale, parsed.error.issues) });
  const call = engine[name as CallName] as (input: unknown) => Promise<unknown>;
  try {
    return { ok: true, value: await call(parsed.data) };
  } catch (error) {
    return refuse(toFailure(error));
  }
}
