import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { httpLink, makeEventReader, takeToken } from '../../../../renderer/link/http';
import type { Connection } from '../../../../renderer/link/link';
import { browserLocks } from '../../../support/fakes/locks';

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

describe('the connection', () => {
  /** A server whose stream can be written to and broken, and that may be out of reach for calls, for streams, or for both. */
  function server() {
    const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
    const down = { call: false, stream: false };
    const seen: Connection[] = [];
    const link = httpLink({
      token: 'x',
      retryMs: 5,
      fetch: (address) => {
        const way = address === '/events' ? 'stream' : 'call';
        if (down[way]) return Promise.reject(new TypeError('Failed to fetch'));
        if (way === 'call') return Promise.resolve(Response.json({ ok: true, value: [] }));
        const body = new ReadableStream<Uint8Array>({ start: (stream) => void streams.push(stream) });
        return Promise.resolve(new Response(body));
      },
    });
    link.onConnection((connection) => seen.push(connection));
    const leave = link.onEvents(() => undefined);
    return { link, seen, down, leave, stream: () => streams.at(-1)! };
  }
  const last = (seen: Connection[], wanted: Connection) => expect.poll(() => seen.at(-1)).toBe(wanted);
  const chunk = (text: string) => new TextEncoder().encode(text);

  it('is back when a call gets through again, or anything arrives on the stream', async () => {
    const { link, seen, down, leave, stream } = server();
    await expect.poll(() => stream()).toBeDefined();
    for (const again of [
      () => link.call('runs', {}),
      () => stream().enqueue(chunk(': still here\n\n')),
      () => stream().enqueue(chunk('data: []\n\n')),
    ]) {
      down.call = true;
      vi.useFakeTimers({ toFake: ['setTimeout'] });
      const asked = link.call('runs', {});
      await vi.advanceTimersByTimeAsync(10_000); // it is tried again for some seconds
      vi.useRealTimers();
      expect(await asked).toMatchObject({ ok: false });
      await last(seen, 'lost');
      down.call = false;
      void again();
      await last(seen, 'open');
    }
    leave();
  });

  it('asks nothing before it listens, so that no event falls between an answer and the first one heard', async () => {
    const order: string[] = [];
    let open = () => {};
    const link = httpLink({
      token: 'x',
      fetch: (address) => {
        order.push(address as string);
        if (address === '/call/work') return Promise.resolve(Response.json({ ok: true, value: [] }));
        return new Promise((resolve) => (open = () => resolve(new Response(new ReadableStream()))));
      },
    });
    const leave = link.onEvents(() => undefined);
    const asked = link.call('work', {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(order).toEqual(['/events']);
    open();
    expect(await asked).toMatchObject({ ok: true });
    leave();
  });

  it('stays lost until the stream is back, because what is told meanwhile is missed', async () => {
    const { link, seen, down, leave, stream } = server();
    await expect.poll(() => stream()).toBeDefined();
    down.stream = true;
    stream().close();
    await last(seen, 'lost');
    expect(await link.call('runs', {})).toMatchObject({ ok: true });
    expect(seen.at(-1)).toBe('lost');
    down.stream = false;
    await last(seen, 'open');
    expect(seen).toEqual(['open', 'lost', 'open']);
    leave();
  });

  it('asks to stop until it is heard, and asks nothing twice that would then be done twice', async () => {
    const asked: string[] = [];
    const link = httpLink({
      token: 'x',
      fetch: (address) => {
        const name = (address as string).slice('/call/'.length);
        asked.push(name);
        return asked.filter((one) => one === name).length === 1
          ? Promise.reject(new TypeError('Failed to fetch'))
          : Promise.resolve(Response.json({ ok: true, value: null }));
      },
    });
    expect(await link.call('stopJob', { kind: 'workflow' })).toMatchObject({ ok: true });
    expect(await link.call('deleteRun', { id: '20260101-000000-0000' })).toMatchObject({
      failure: { code: 'server-lost' },
    });
    expect(await link.call('runs', {})).toMatchObject({ ok: true });
    expect(await link.call('startRun', { plan: {} } as never)).toMatchObject({
      failure: { code: 'server-lost' },
    });
    expect(asked).toEqual(['stopJob', 'stopJob', 'deleteRun', 'runs', 'runs', 'startRun']);
  });

  it.each([
    { tabs: 1, locks: undefined },
    { tabs: 2, locks: browserLocks() },
  ])('keeps connections free for a stop while hosts say nothing, in $tabs tabs', async ({ tabs, locks }) => {
    const asked: string[] = [];
    const silent: ((response: Response) => void)[] = [];
    const links = Array.from({ length: tabs }, () =>
      httpLink({
        token: 'x',
        locks,
        fetch: (address) => {
          asked.push((address as string).slice('/call/'.length));
          return new Promise((resolve) => silent.push(resolve));
        },
      }),
    );
    const link = links[0]!;
    const checks = Array.from({ length: 10 }, (_, at) =>
      links[at % tabs]!.call('doctorHost', { host: `h${at}` }),
    );
    void link.call('stopRun', { id: '20260101-000000-0000' });
    await expect.poll(() => asked).toContain('stopRun');
    expect(asked.filter((name) => name === 'doctorHost')).toHaveLength(3);
    let answered = 0;
    const all = Promise.all(checks.map((check) => check.then(() => (answered += 1))));
    while (answered < checks.length) {
      for (const answer of silent.splice(0)) answer(Response.json({ ok: true, value: {} }));
      await Promise.race([all, new Promise((resolve) => setImmediate(resolve))]);
    }
    expect(asked).toHaveLength(11);
  });
});
