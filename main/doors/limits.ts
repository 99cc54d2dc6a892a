import type { CallName } from '../contract/calls';
import type { DeskCallName } from '../contract/desktop';

const mebibyte = 1024 * 1024;

/** Calls that carry a whole record; a density run of a thousand trials takes a few MiB. */
const carryRecords: readonly string[] = [
  'readRun',
  'renderRun',
  'renderChart',
  'saveRun',
  'saveChart',
] satisfies (CallName | DeskCallName)[];

/** More than this is refused unread, whatever is asked. */
export const largestInput = 32 * mebibyte;

/** The most bytes that the input of a call may have; the largest honest plan is a few tens of KiB. */
export const largestInputOf = (name: string): number =>
  carryRecords.includes(name) ? largestInput : mebibyte;

/** How long an end may still take once somebody has asked for it twice; what is not removed by then is in the ledger. */
export const leavingMs = 5000;
