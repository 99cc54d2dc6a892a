import { usualBytes, type Asker } from '../contract/access';
import { calls, type CallName } from '../contract/calls';
import { nativeShellCalls, type DeskCallName } from '../contract/desktop';
import type { Refusal } from '../contract/failures';

/** Why a page does not get this call with this input; undefined when it does, or when the router is to say that there is none. */
export function refusal(asker: Asker, name: string, input: unknown): Refusal | undefined {
  if (!Object.hasOwn(calls, name)) return asker === 'beyond' ? 'read-only' : undefined;
  const rule = calls[name as CallName].access[asker];
  if (typeof rule !== 'function') return rule;
  return rule(typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {});
}

const allCalls = { ...calls, ...nativeShellCalls };

/** The most bytes that the input of a call may have. */
export const largestInputOf = (name: string): number =>
  Object.hasOwn(allCalls, name) ? allCalls[name as CallName | DeskCallName].mostBytes : usualBytes;
