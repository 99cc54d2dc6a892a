import type { CallName } from '../contract/calls';
import type { DeskCallName } from '../contract/desktop';
import { mostRecordBytes } from '../contract/exports';

const mebibyte = 1024 * 1024;

/** A thousand rounds of all 64 targets, every measurement a point, take two. */
const largestChart = 4 * mebibyte;

const carries: Partial<Record<CallName | DeskCallName, number>> = {
  readRecord: mostRecordBytes,
  renderRun: mostRecordBytes,
  saveRun: mostRecordBytes,
  renderChart: largestChart,
  saveChart: largestChart,
};

/** The most bytes that the input of a call may have; the largest honest plan is a few tens of KiB. */
export const largestInputOf = (name: string): number =>
  (Object.hasOwn(carries, name) && carries[name as keyof typeof carries]) || mebibyte;

/** How long an end may still take once somebody has asked for it twice; what is not removed by then is in the ledger. */
export const leavingMs = 5000;
