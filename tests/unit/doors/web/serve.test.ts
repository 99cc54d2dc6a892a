import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import type { TareEvent } from '../../../../main/contract/events';
import { serve, type Served } from '../../../../main/doors/web/index';
import { httpLink } from '../../../../renderer/link/http';
import type { Connection } from '../../../../renderer/link/link';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';
import { fakeEngine, type FakeEngine } from '../../../support/fakes/fakeEngine';

const rendererFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-serve-'));
writeFileSync(path.join(rendererFolder, 'index.html'), '<html lang="en"><h1>Tare</h1>');
afterAll(() => rmSync(rendererFolder, { recursive: true }));

let engine: FakeEngine;
let served: Served;
let token: string;
beforeEach(async () => {
  engine = fakeEngine({ runs: [fakeRecord()] });
  served = await serve(engine, { port: 0, host: '127.0.0.1', rendererFolder });
  token = new URL(served.urls[0]).hash.slice('#token='.length);
});
afterEach(() => served.close());

/** A raw request: fetch would not let a test lie about Host. */
const ask = (options: {
  path: string;
  port?: number;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}) =>
  new Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const { body, ...rest } = options;
    const request = http.request(
      { host: '127.0.0.1', port: served.port, agent: false, ...rest },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });

const call = (name: string, body: unknown, headers: Record<string, string> = {}) =>
  ask({
    path: `/call/${name}`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-tare-token': token, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

it('serves the page with its policy, and only the page', async () => {
  const page = await ask({ path: '/' });
  expect(page).toMatchObject({ status: 200, text: '<html lang="en"><h1>Tare</h1>' });
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  await expect(ask({ path: '/../../etc/passwd' })).resolves.toMatchObject({ status: 404 });
  await expect(ask({ path: '/', method: 'DELETE' })).resolves.toMatchObject({ status: 405 });
});

it('tells the page beyond loopback that it only shows', async () => {
  const open = await serve(engine, { port: 0, host: '0.0.0.0', rendererFolder });
  const { text, headers } = await ask({
    path: '/',
    port: open.port,
    headers: { host: `localhost:${open.port}` },
  });
  await open.close();
  expect(open.readOnly).toBe(true);
  expect(text).toBe('<html data-access="read-only" lang="en"><h1>Tare</h1>');
  expect(Number(headers['content-length'])).toBe(text.length);
});

it('keeps the token out of what is sent to the server: it is in the fragment', () => {
  expect(new URL(served.urls[0]).search).toBe('');
  expect(token).toMatch(/^[\w-]{32}$/);
});

it('answers calls to whoever has the token', async () => {
  const answer = await call('presets', { input: {}, locale: 'en' });
  expect(answer.status).toBe(200);
  expect((JSON.parse(answer.text) as { ok: boolean }).ok).toBe(true);
});

it('turns away strangers, other sites and other names before the engine hears of them', async () => {
  await expect(call('runs', { input: {} }, { 'x-tare-token': 'guess' })).resolves.toMatchObject({
    status: 401,
  });
  await expect(call('runs', { input: {} }, { origin: 'https://evil.example' })).resolves.toMatchObject({
    status: 403,
  });
  await expect(call('runs', { input: {} }, { host: `evil.example:${served.port}` })).resolves.toMatchObject({
    status: 421,
  });
  await expect(call('runs', { input: {} }, { 'content-type': 'text/plain' })).resolves.toMatchObject({
    status: 415,
  });
  await expect(ask({ path: '/events' })).resolves.toMatchObject({ status: 401 });
  expect(engine.log).toEqual([]);
});

it('says why in facts to the page, and in words to a person', async () => {
  const failureOf = async (asked: ReturnType<typeof call>) =>
    (JSON.parse((await asked).text) as { failure: unknown }).failure;
  expect(await failureOf(call('runs', { input: {} }, { 'x-tare-token': 'guess' }))).toEqual({
    code: 'sender-refused',
    reason: 'no-token',
  });
  expect(await failureOf(call('changeSettings', { input: { qemuPath: '/tmp/x' } }))).toEqual({
    code: 'call-refused',
    reason: 'places-guarded',
  });
  expect(await failureOf(call('runs', { input: 'x'.repeat(1024 * 1024) }))).toEqual({
    code: 'input-too-large',
    limitBytes: 1024 * 1024,
  });
  const host = `evil.example:${served.port}`;
  const inEnglish = await ask({ path: '/', headers: { host } });
  expect(inEnglish).toMatchObject({
    status: 421,
    text: expect.stringContaining('not a name of its server') as string,
  });
  const inChinese = await ask({ path: '/', headers: { host, 'accept-language': 'zh-CN,zh;q=0.9' } });
  expect(inChinese.text).toContain('该地址不是服务器自己的名称');
});

it('refuses what is no call', async () => {
  await expect(call('runs', '{')).resolves.toMatchObject({ status: 400 });
  await expect(call('runs', 'null')).resolves.toMatchObject({ status: 400 });
  await expect(ask({ path: '/call', method: 'POST' })).resolves.toMatchObject({ status: 405 });
  await expect(call('__proto__', { input: {} })).resolves.toMatchObject({
    status: 200,
    text: expect.stringContaining('bad-input') as string,
  });
  const large = { input: 'x'.repeat(1024 * 1024) };
  await expect(call('runs', large)).resolves.toMatchObject({ status: 413 });
  expect(engine.log).toEqual([]);
});

/** The page's own link, on Node's fetch, against the real server. */
const link = (given = token) =>
  httpLink({
    token: given,
    retryMs: 5,
    fetch: ((address: string, init: RequestInit) =>
      fetch(`http://127.0.0.1:${served.port}${address}`, init)) as typeof fetch,
  });

it('gives the page the engine’s calls and events', async () => {
  const page = link();
  const kinds: string[] = [];
  const forget = page.onEvents((events: TareEvent[]) => kinds.push(...events.map(({ kind }) => kind)));
  await expect.poll(() => page.call('runs', {})).toMatchObject({ ok: true });
  const started = await page.call('startRun', { plan: fakeRecord().plan });
  expect(started.ok).toBe(true);
  // the record of the work stands around what the run tells: begun before it, over after it
  await expect.poll(() => kinds.slice(-2)).toEqual(['run-ended', 'work']);
  expect(kinds.slice(0, 2)).toEqual(['work', 'run-started']);
  forget();
});

it('tells the page when the token is refused, and when the server is gone and back', async () => {
  const refused: Connection[] = [];
  const stranger = link('guess');
  stranger.onConnection((connection) => refused.push(connection));
  const forgetStranger = stranger.onEvents(() => undefined);
  await expect.poll(() => refused).toEqual(['open', 'refused']);
  forgetStranger();

  const seen: Connection[] = [];
  const page = link();
  page.onConnection((connection) => seen.push(connection));
  const forget = page.onEvents(() => undefined);
  await expect.poll(() => page.call('runs', {})).toMatchObject({ ok: true });
  await served.close();
  await expect.poll(() => seen.at(-1)).toBe('lost');
  served = await serve(engine, { port: 0, host: '127.0.0.1', rendererFolder });
  await expect.poll(() => seen.at(-1)).toBe('refused'); // another server has another token
  forget();
});

it('gives the page a failure that has words in its language, also when there is no server', async () => {
  const refused = await link('guess').call('runs', {});
  expect(refused).toMatchObject({ failure: { code: 'sender-refused', reason: 'no-token' } });
  await served.close();
  await expect(link().call('runs', {})).resolves.toMatchObject({ failure: { code: 'server-lost' } });
});
