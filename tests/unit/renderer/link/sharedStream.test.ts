import { expect, it } from 'vitest';
import type { TareEvent } from '../../../../main/contract/events';
import { shareStream, type EventSink } from '../../../../renderer/link/sharedStream';
import { browserLocks } from '../../../support/fakes/locks';

const event: TareEvent = { kind: 'warning', text: { key: 'x', facts: {} } };

/** Tabs of a browser, and which of them read the stream, in order. */
function browser() {
  const locks = browserLocks();
  const readers: EventSink[] = [];
  const open = () => {
    const seen: (TareEvent[] | boolean | 'heard')[] = [];
    const end = new AbortController();
    const over = shareStream(
      locks,
      {
        take: (events) => seen.push(events),
        mark: (isOpen) => seen.push(isOpen),
        heard: () => seen.push('heard'),
      },
      (sink) => {
        readers.push(sink);
        sink.mark(true);
        sink.heard();
        return new Promise((resolve) => end.signal.addEventListener('abort', () => resolve()));
      },
      end.signal,
    );
    return { seen, close: () => (end.abort(), over) };
  };
  return { open, readers };
}

it('lets one tab read for all, and another go on when that one closes', async () => {
  const { open, readers } = browser();
  const first = open();
  await expect.poll(() => first.seen).toEqual([true, 'heard']);
  const others = [open(), open(), open()];
  for (const { seen } of others) await expect.poll(() => seen).toContain('heard');
  expect(readers).toHaveLength(1);
  readers[0]!.take([event]);
  for (const { seen } of [first, ...others]) await expect.poll(() => seen.at(-1)).toEqual([event]);

  await first.close();
  await expect.poll(() => readers.length).toBe(2);
  readers[1]!.take([event, event]);
  for (const { seen } of others) {
    await expect.poll(() => seen.at(-1)).toEqual([event, event]);
    // between the two streams something may have been missed
    expect(seen.filter((one) => typeof one === 'boolean').slice(-2)).toEqual([false, true]);
  }
  for (const tab of others.toReversed()) void tab.close();
});
