import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TareEvent } from '../../../main/contract/events';
import { batches } from '../../../main/doors/batches';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const samples = (run: string, atMs: number): TareEvent => ({
  kind: 'samples',
  run,
  samples: [{ kind: 'host', atMs, lateMs: 0, costMs: 1 }],
});
const phase = (name: string): TareEvent => ({
  kind: 'phase',
  run: 'a',
  trial: 'web/container/0',
  phase: { name, atMs: 1 },
});

it('sends at most one batch per period, in the order of the events', () => {
  const sent: TareEvent[][] = [];
  const out = batches((events) => sent.push(events), 100);
  out.push(phase('start'));
  vi.advanceTimersByTime(60);
  out.push(phase('ready'));
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(40);
  expect(sent).toEqual([[phase('start'), phase('ready')]]);
  vi.advanceTimersByTime(1000);
  expect(sent).toHaveLength(1);
});

it('joins neighbouring samples of one run and loses none', () => {
  const sent: TareEvent[][] = [];
  const out = batches((events) => sent.push(events));
  for (const event of [samples('a', 1), samples('a', 2), samples('b', 3), phase('ready'), samples('a', 4)])
    out.push(event);
  vi.advanceTimersByTime(100);
  const kinds = sent[0]!.map((event) => (event.kind === 'samples' ? event.samples.length : event.kind));
  expect(kinds).toEqual([2, 1, 'phase', 1]);
});

it('keeps the samples of two hosts of one run apart', () => {
  const sent: TareEvent[][] = [];
  const out = batches((events) => sent.push(events));
  for (const host of ['one', 'one', 'other']) out.push({ ...samples('a', 1), host });
  vi.advanceTimersByTime(100);
  const kept = sent[0]!.map((event) => [event.host, event.kind === 'samples' && event.samples.length]);
  expect(kept).toEqual([
    ['one', 2],
    ['other', 1],
  ]);
});

it('sends what is waiting when it ends, and nothing after that', () => {
  const sent: TareEvent[][] = [];
  const out = batches((events) => sent.push(events));
  out.push(phase('start'));
  out.end();
  out.push(phase('late'));
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([[phase('start')]]);
});
