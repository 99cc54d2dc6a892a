import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeEventReader, takeToken } from '../../../../renderer/link/http';

describe('the stream of events', () => {
  it('reads whole batches whatever the pieces they arrive in', () => {
    const batch = fc.array(fc.record({ kind: fc.constant('warning'), text: fc.string() }), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(batch, { maxLength: 5 }),
        fc.array(fc.nat(40), { maxLength: 30 }),
        (batches, cuts) => {
          const stream = batches
            .map((events) => `: still here\n\ndata: ${JSON.stringify(events)}\n\n`)
            .join('');
          const read = makeEventReader();
          const found: unknown[] = [];
          let at = 0;
          for (const cut of [...cuts, stream.length]) {
            found.push(...read(stream.slice(at, at + cut)));
            at += cut;
          }
          expect(found).toEqual(batches);
        },
      ),
    );
  });
});

describe('the token', () => {
  const replaceState = vi.fn();
  beforeEach(() => vi.stubGlobal('history', { replaceState }));
  afterEach(() => {
    vi.unstubAllGlobals();
    replaceState.mockClear();
  });

  const storage = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    } as unknown as Storage;
  };
  const place = (hash: string) => ({ hash, pathname: '/' }) as Location;

  it('is taken out of the address and kept for a reload', () => {
    const own = storage();
    expect(takeToken(place('#token=abc-_1'), own)).toBe('abc-_1');
    expect(replaceState).toHaveBeenCalledWith(null, '', '/');
    expect(takeToken(place('#/report/x'), own)).toBe('abc-_1');
    expect(replaceState).toHaveBeenCalledTimes(1);
  });

  it('is empty when the page was opened without one', () => {
    expect(takeToken(place(''), storage())).toBe('');
  });
});
