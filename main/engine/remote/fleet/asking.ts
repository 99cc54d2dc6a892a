import type { FailureCode } from '../../../contract/failures';

/** What a person can help with, if ssh may ask him. */
export const helpedByAsking: ReadonlySet<FailureCode> = new Set(['host-denied', 'host-key-refused']);
