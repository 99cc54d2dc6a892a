import type { IpcMain, WebContents } from 'electron';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Answer } from '../../../../main/contract/failures';
import type { NativeShell } from '../../../../main/doors/desktop/nativeShell';
import { isOurs, wireWindow } from '../../../../main/doors/desktop/ipc';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';
import { fakeEngine } from '../../../support/fakes/fakeEngine';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const noDesk: NativeShell = (name) => Promise.resolve({ ok: true, value: name });

type Handler = (event: unknown, ...words: unknown[]) => Promise<Answer<unknown>> | Answer<unknown>;

/** A window and Electron's main-process channel, as far as the wiring touches them. */
function stage() {
  const sent: unknown[] = [];
  const handlers = new Map<string, Handler>();
  const window = {
    isDestroyed: () => false,
    send: (channel: string, events: unknown) => sent.push([channel, events]),
  } as unknown as WebContents;
  const ipcMain = {
    handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
    removeHandler: (channel: string) => handlers.delete(channel),
  } as unknown as IpcMain;
  const frame = (url: string, parent: object | null = null) => ({ url, parent });
  const ours = { sender: window, senderFrame: frame('app://tare/') };
  const ask = async (event: object, ...words: unknown[]) => handlers.get('tare:call')!(event, ...words);
  return { window, ipcMain, sent, handlers, frame, ours, ask };
}

it('knows its own main frame from every other sender', () => {
  const { window, frame, ours } = stage();
  const check = (event: object) => isOurs(event as Parameters<typeof isOurs>[0], window);
  expect(check(ours)).toBe(true);
  expect(check({ ...ours, senderFrame: null })).toBe(false);
  expect(check({ ...ours, sender: {} })).toBe(false);
  for (const url of [
    'https://example.com/',
    'app://tare.example.com/',
    'app://other/',
    'file:///app://tare/',
    'data:text/html,x',
  ])
    expect(check({ ...ours, senderFrame: frame(url) }), url).toBe(false);
  expect(check({ ...ours, senderFrame: frame('app://tare/', frame('app://tare/')) })).toBe(false);
});

it('answers the page through the router', async () => {
  const { ipcMain, window, ours, ask } = stage();
  wireWindow(fakeEngine(), ipcMain, window, noDesk);
  await expect(ask(ours, 'runs', {})).resolves.toEqual({ ok: true, value: [] });
});

it('refuses foreign senders before it looks at what they ask', async () => {
  const { ipcMain, window, ours, frame, ask } = stage();
  const engine = fakeEngine();
  wireWindow(engine, ipcMain, window, noDesk);
  const stranger = { ...ours, senderFrame: frame('https://example.com/') };
  await expect(ask(stranger, 'runs', {})).resolves.toMatchObject({
    ok: false,
    failure: { code: 'sender-refused', reason: 'not-our-window' },
  });
  expect(engine.log).toEqual([]);
});

it('refuses to write where its page says: a person is asked for a place', async () => {
  const { ipcMain, window, ours, ask } = stage();
  const engine = fakeEngine();
  wireWindow(engine, ipcMain, window, noDesk);
  const input = { id: '20260801-120000-0001', format: 'json', path: '/home/me/.profile' };
  await expect(ask(ours, 'exportRun', input)).resolves.toEqual({
    ok: false,
    failure: { code: 'call-refused', reason: 'writes-anywhere' },
  });
  expect(engine.log).toEqual([]);
});

it('refuses names that are no calls, and input that is too large or no data', async () => {
  const { ipcMain, window, ours, ask } = stage();
  const engine = fakeEngine();
  wireWindow(engine, ipcMain, window, noDesk);
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  for (const [name, input, failure] of [
    [
      'constructor',
      {},
      { code: 'bad-input', problems: [{ key: 'problem.no-call', facts: { name: 'constructor' } }] },
    ],
    [42, {}, { code: 'bad-input', problems: [{ key: 'problem.no-call', facts: { name: '42' } }] }],
    ['runs', 'x'.repeat(1024 * 1024 + 1), { code: 'input-too-large', limitBytes: 1024 * 1024 }],
    ['runs', cycle, { code: 'input-too-large', limitBytes: 1024 * 1024 }],
    ['runs', { big: 1n }, { code: 'input-too-large', limitBytes: 1024 * 1024 }],
  ] as const)
    await expect(ask(ours, name, input)).resolves.toEqual({ ok: false, failure });
  expect(engine.log).toEqual([]);
});

it('sends events in batches, until it is taken down', async () => {
  const { ipcMain, window, sent, handlers } = stage();
  const engine = fakeEngine();
  const wiring = wireWindow(engine, ipcMain, window, noDesk);
  await engine.startRun({ plan: fakeRecord().plan });
  await engine.close();
  await vi.advanceTimersByTimeAsync(100);
  const kinds = (sent as [string, { kind: string }[]][]).flatMap(([, events]) =>
    events.map(({ kind }) => kind),
  );
  expect(kinds).toContain('run-started');
  expect(sent.length).toBeLessThan(kinds.length);
  wiring.close();
  expect(handlers.size).toBe(0);
});

it('keeps what the menu asks until the page has shown itself, and passes it on at once from then on', async () => {
  const { ipcMain, window, ours, sent, handlers } = stage();
  const wiring = wireWindow(fakeEngine(), ipcMain, window, noDesk);
  const nativeShell = async (event: object, name: string) =>
    handlers.get('tare:native-shell')!(event, name, { exportable: true }, 'en');
  wiring.command({ kind: 'go', address: '#/history' });
  expect(sent).toEqual([]);
  await expect(nativeShell({ ...ours, senderFrame: null }, 'shown')).resolves.toMatchObject({ ok: false });
  expect(sent).toEqual([]);
  await expect(nativeShell(ours, 'shown')).resolves.toEqual({ ok: true, value: 'shown' });
  wiring.command({ kind: 'go', address: '#/settings' });
  expect(sent).toEqual([
    ['tare:commands', { kind: 'go', address: '#/history' }],
    ['tare:commands', { kind: 'go', address: '#/settings' }],
  ]);
});

it('keeps what it is told while a page that ended begins anew', async () => {
  const { ipcMain, window, ours, sent, handlers } = stage();
  const wiring = wireWindow(fakeEngine(), ipcMain, window, noDesk);
  const show = async () =>
    handlers.get('tare:native-shell')!(ours, 'shown', { exportable: true, theme: 'dark' }, 'en');
  await show();
  wiring.restarted();
  wiring.command({ kind: 'failed', failure: { code: 'page-gone', reason: 'crashed' } });
  expect(sent).toEqual([]);
  await show();
  expect(sent).toHaveLength(1);
});

it('lets a record be larger than any plan', async () => {
  const { ipcMain, window, ours, ask } = stage();
  wireWindow(fakeEngine(), ipcMain, window, noDesk);
  const text = 'x'.repeat(2 * 1024 * 1024);
  await expect(ask(ours, 'runs', { text })).resolves.toMatchObject({
    failure: { code: 'input-too-large' },
  });
  await expect(ask(ours, 'readRecord', { text, name: 'run.json' })).resolves.toMatchObject({
    failure: { code: 'run-unreadable' },
  });
});
