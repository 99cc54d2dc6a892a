/** The two doors that pages come through: the window's bridge, called from its own page, and the local page's server. */
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { calls } from '../../../main/contract/calls';
import { openApp, virtualScreen, type Home } from '../../support/window/app';
import { setTheScene } from '../commands';
import type { Draw } from '../draw';
import { editJson, hostileValues, jsonEdits } from '../fuzz/edits';
import type { Case, Kind, Outcome } from '../kind';
import { wrongIn } from '../stage/program';
import type { Scene } from '../stage/scene';

/** Those that write where their input says: a person chose that place, so the attack does not. */
const choosePlaces = ['exportRun', 'saveBuildFolder', 'changeSettings', 'startRun', 'startJob', 'clean'];
const names = [
  ...Object.keys(calls).filter((name) => !choosePlaces.includes(name)),
  '__proto__',
  'constructor',
  '',
  'no such call',
];

const id = '20260101-000000-0001';
const honest = [
  {},
  { id },
  { run: { id }, format: 'html' },
  { base: [{ id }], other: [{ id }] },
  { path: 'compose.yaml' },
  { reference: 'a:1', dryRun: true },
  { text: '{}', name: 'x' },
  { kind: 'build' },
];

/** Calls as a page that was taken over might make them. */
function hostileCalls(draw: Draw, count: number): [name: string, input: unknown][] {
  const inputs = fc.sample(
    fc.tuple(fc.nat(honest.length - 1), jsonEdits).map(([which, edits]) => editJson(honest[which], edits)),
    { seed: draw.seed(), numRuns: count },
  );
  return inputs.map((input) => [draw.pick(names), draw.share() < 0.2 ? draw.pick(hostileValues) : input]);
}

const homeOf = ({ folder, dataFolder, environment }: Scene): Home => ({
  folder,
  dataFolder,
  environment: environment as Record<string, string>,
  [Symbol.dispose]: () => undefined,
});

/** So many at once: more would wait for each other, and nobody could say which of them hangs. */
const atOnce = 20;
/** A call that starts other programs, such as a test boot, on a busy computer that is itself emulated. */
const answersWithinMs = 60_000;

/** @returns what the bridge answered that is no answer, or a mistake */
async function callFromPage(page: Page, asked: [string, unknown][]): Promise<string[]> {
  const wrong: string[] = [];
  for (let at = 0; at < asked.length; at += atOnce) {
    // as text: the browser drops a question that is nested deeply, without a word
    const list = JSON.stringify(asked.slice(at, at + atOnce));
    wrong.push(...(await page.evaluate(askAll, { list, limitMs: answersWithinMs })));
  }
  return wrong;
}

/** Runs in the page. */
async function askAll({ list, limitMs }: { list: string; limitMs: number }): Promise<string[]> {
  const late = Symbol('late');
  const judged = (JSON.parse(list) as [string, unknown][]).map(async ([name, input]) => {
    const what = `${name} ${JSON.stringify(input)}`.slice(0, 300);
    try {
      const limit = new Promise<typeof late>((resolve) => setTimeout(() => resolve(late), limitMs));
      const answer = await Promise.race([window.tare!.call(name, input), limit]);
      if (answer === late) return [`${what}: no answer after ${limitMs / 1000} s`];
      if (typeof answer?.ok !== 'boolean') return [`${what}: what is answered is no answer`];
      const isMistake = !answer.ok && answer.failure.code === 'bug';
      return isMistake ? [`${what}: ${JSON.stringify(answer.failure).slice(0, 500)}`] : [];
    } catch (error) {
      return [`${what}: thrown: ${String(error)}`];
    }
  });
  return (await Promise.all(judged)).flat();
}

/** What a page in a window must not get: each gives back what it got, or nothing. */
const ways: Record<string, string> = {
  'a file by fetch': `fetch('file:///etc/passwd').then((r) => r.text()).catch(() => '')`,
  'the network by fetch': `fetch('http://127.0.0.1:9/').then(() => 'answered').catch(() => '')`,
  'a window': `Promise.resolve(window.open('https://example.com') ? 'opened' : '')`,
  'a frame with a file': `new Promise((done) => { const f = document.createElement('iframe'); f.src = 'file:///etc/passwd'; f.onload = () => { try { done(f.contentDocument.body.innerText) } catch { done('') } }; f.onerror = () => done(''); document.body.append(f); setTimeout(() => { f.remove(); done('') }, 500); })`,
  Node: `Promise.resolve([typeof require, typeof process, typeof module].every((one) => one === 'undefined') ? '' : 'Node is there')`,
  // a turn later: what is asked from outside may do more than a script of the page
  'code by eval': `new Promise((done) => setTimeout(() => { try { done(eval('"evaluated"')) } catch { done('') } }))`,
  'a script from elsewhere': `new Promise((done) => { const s = document.createElement('script'); s.onload = () => done('loaded'); s.onerror = () => done(''); try { s.src = 'data:text/javascript,1'; document.head.append(s) } catch { done('') } })`,
  notifications: `Promise.resolve(typeof Notification === 'undefined' ? '' : Notification.requestPermission().then((p) => p === 'granted' ? p : ''))`,
};

async function tryWays(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, way] of Object.entries(ways)) {
    const got = await page.evaluate(`Promise.resolve().then(() => ${way}).catch(() => '')`);
    if (got !== '') wrong.push(`the page gets ${name}: ${String(got).slice(0, 100)}`);
  }
  return wrong;
}

const elsewhere = [
  'file:///etc/passwd',
  'https://example.com/',
  'data:text/html,x',
  'about:blank',
  'javascript:void 0',
  'chrome://gpu',
  'tare://elsewhere/',
];

async function navigate(page: Page): Promise<string[]> {
  const home = page.url();
  for (const address of elsewhere)
    await page.evaluate((to) => void (location.href = to), address).catch(() => undefined);
  // asked in the page itself: Playwright waits for a refused navigation to end, which it never does
  const whole = () => page.evaluate(() => document.querySelector('h1') !== null).catch(() => false);
  const deadlineMs = performance.now() + answersWithinMs;
  while (!(await whole()))
    if (performance.now() > deadlineMs) return ['the page is gone'];
    else await sleep(100);
  const now = await page.evaluate(() => location.href);
  const stayed = new URL(now).host === new URL(home).host && now.startsWith(new URL(home).protocol);
  return stayed ? [] : [`the window was led to ${now}`];
}

const callsFromPage = 400;
const floods = 20_000;

async function windowAttack({ stage, draw, within }: Case): Promise<Outcome> {
  return within(async (scene) => {
    setTheScene(scene, stage.busybox);
    await using screen = await virtualScreen();
    const { app, page } = await openApp(screen, homeOf(scene));
    const wrong: string[] = [];
    try {
      wrong.push(...(await callFromPage(page, hostileCalls(draw, callsFromPage))));
      wrong.push(...(await tryWays(page)));
      await page.evaluate((count) => {
        for (let at = 0; at < count; at += 1) window.postMessage({ kind: 'tare:call', at }, '*');
      }, floods);
      wrong.push(...(await navigate(page)));
      const presets = await page.evaluate(() => window.tare!.call('presets', {}));
      if (!presets.ok) wrong.push('afterwards the window answers no honest call');
      if (app.windows().length !== 1) wrong.push(`there are ${app.windows().length} windows`);
    } finally {
      await app.close();
    }
    const tried = callsFromPage + Object.keys(ways).length + elsewhere.length + 1;
    return {
      what: `${tried} attacks from the page of a window`,
      tried,
      wrong: [...wrong, ...(await scene.swept())],
    };
  });
}

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** what may be answered; a stranger gets no 200 */
  mayBe: (status: number) => boolean;
}

const refused = (status: number): boolean => status >= 400 && status < 500;
const answered = (status: number): boolean => status === 200 || refused(status);

function requestsTo(url: URL, draw: Draw, count: number): Asked[] {
  const token = new URLSearchParams(url.hash.slice(1)).get('token')!;
  const right = { 'content-type': 'application/json', 'x-tare-token': token };
  const strangers: Asked[] = [
    {
      method: 'POST',
      path: '/call/runs',
      headers: { ...right, 'x-tare-token': `${token}x` },
      body: '{}',
      mayBe: refused,
    },
    {
      method: 'POST',
      path: '/call/runs',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      mayBe: refused,
    },
    {
      method: 'POST',
      path: '/call/runs',
      headers: { ...right, host: 'evil.example' },
      body: '{}',
      mayBe: refused,
    },
    {
      method: 'POST',
      path: '/call/runs',
      headers: { ...right, origin: 'https://evil.example' },
      body: '{}',
      mayBe: refused,
    },
    {
      method: 'POST',
      path: '/call/runs',
      headers: { ...right, 'content-type': 'text/plain' },
      body: '{}',
      mayBe: refused,
    },
    { method: 'GET', path: '/../../../../etc/passwd', headers: {}, mayBe: refused },
    { method: 'GET', path: '/%2e%2e/%2e%2e/etc/passwd', headers: {}, mayBe: refused },
    { method: 'GET', path: '/%00', headers: {}, mayBe: refused },
    { method: 'GET', path: '/%ff', headers: {}, mayBe: refused },
    { method: 'DELETE', path: '/', headers: {}, mayBe: refused },
    { method: 'GET', path: '/events', headers: {}, mayBe: refused },
  ];
  const asked = hostileCalls(draw, count).map(([name, input]): Asked => ({
    method: 'POST',
    path: `/call/${encodeURIComponent(name)}`,
    headers: right,
    body: JSON.stringify({ input }),
    mayBe: answered,
  }));
  return [...strangers, ...asked];
}

const send = (url: URL, { method, path, headers, body }: Asked): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const asking = http.request({ host: url.hostname, port: url.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    asking.on('error', reject).end(body);
  });

/** Clients that say nothing, half a head, or noise, and stay. */
const idlers = (url: URL, count: number): net.Socket[] =>
  Array.from({ length: count }, (_, at) => {
    const socket = net.connect(Number(url.port), url.hostname);
    socket.on('error', () => undefined);
    if (at % 3 === 1) socket.write('POST /call/runs HTTP/1.1\r\nContent-Length: 99999999\r\n');
    if (at % 3 === 2) socket.write(Buffer.from('\0\xff'.repeat(1000), 'latin1'));
    return socket;
  });

const requests = 300;
const slowClients = 60;

async function webAttack({ stage, draw, within }: Case): Promise<Outcome> {
  return within(async (scene) => {
    setTheScene(scene, stage.busybox);
    const server = scene.start(['serve', '--port', '0']);
    const wrong: string[] = [];
    for await (const chunk of server.child.stdout as AsyncIterable<string>) if (/http:\S+/.test(chunk)) break;
    const url = new URL(/http:\S+/.exec(server.stdout())![0]);
    const sockets = idlers(url, slowClients);
    for (const asked of requestsTo(url, draw, requests)) {
      const what = `${asked.method} ${asked.path} ${JSON.stringify(asked.headers).slice(0, 120)} ${asked.body?.slice(0, 200) ?? ''}`;
      try {
        const { status, text } = await send(url, asked);
        if (!asked.mayBe(status)) wrong.push(`${what}: ${status}`);
        if (/"code":"bug"|\n\s+at .+:\d+:\d+/.test(text)) wrong.push(`${what}: ${text.slice(0, 500)}`);
      } catch (error) {
        wrong.push(`${what}: ${String(error)}`);
      }
    }
    const page = await send(url, { method: 'GET', path: '/', headers: {}, mayBe: answered });
    if (page.status !== 200) wrong.push(`afterwards the page is answered with ${page.status}`);
    for (const socket of sockets) socket.destroy();
    server.child.kill('SIGINT');
    const ended = await server.ended;
    const tried = requests + slowClients;
    return {
      what: `${tried} requests to tare serve`,
      tried,
      wrong: [...wrongIn(ended), ...wrong, ...(await scene.swept())],
    };
  });
}

export const doors: Kind[] = [
  {
    name: 'window',
    row: 'doors',
    anHour: 4,
    title: 'edited calls, foreign addresses and floods from the page of the window',
    attack: windowAttack,
  },
  {
    name: 'web',
    row: 'doors',
    anHour: 6,
    title: '`tare serve`: strangers, edited calls, slow clients',
    attack: webAttack,
  },
];
