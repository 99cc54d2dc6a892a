import { isWithinBounds } from '../contract/run/bounds';
import { calls, type CallName } from '../contract/calls';
import type { Answer } from '../contract/failures';
import type { Engine } from '../engine/engine';
import { badInput, toFailure } from '../engine/base/errors';
import { mostRecordBytes } from '../contract/exports';
import { parsed } from './problems';

/** Answers one request from outside. Never throws: a failure is a value, so it survives any wire. */
export async function answer(engine: Engine, name: string, input: unknown): Promise<Answer<unknown>> {
  try {
    if (!Object.hasOwn(calls, name)) throw badInput('problem.no-call', { name });
    if (!isWithinBounds(input, mostRecordBytes)) throw badInput('problem.beyond-bounds');
    const call = engine[name as CallName] as (input: unknown) => Promise<unknown>;
    return { ok: true, value: await call(parsed(calls[name as CallName].input, input)) };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}
