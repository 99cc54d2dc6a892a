import type { Probe } from '../../../contract/plan';
import { TareError } from '../../base/errors';
import { anySignal } from '../../base/signals';
import { waitReady, type Asked, type Attempts } from '../workloads/readiness';

/** An application that was ready has its machine's whole attention by then, and answers within milliseconds. */
const longestSilenceMs = 10_000;

/** Asks an application that was ready once more. @throws {TareError} `not-answering` */
export async function answers(
  asked: Asked,
  probe: Probe,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const waitedMs = Math.min(limitMs, longestSilenceMs);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), waitedMs);
  const { signal: either, release } = anySignal(signal, late.signal);
  const attempts: Attempts = { lastAnswer: 'silent' };
  try {
    await waitReady(asked, probe, either, attempts);
  } catch (error) {
    throw late.signal.aborted ? new TareError({ code: 'not-answering', waitedMs, ...attempts }) : error;
  } finally {
    clearTimeout(timer);
    release();
  }
}
