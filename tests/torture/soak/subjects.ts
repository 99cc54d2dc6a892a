/** What is soaked: a window, and a server with two pages. Each makes run after run, and is read after each. */
import type { Page } from 'playwright-core';
import { openApp, virtualScreen, type Home } from '../../support/window/app';
import { newReader, openBrowser, visit } from '../../support/window/browser';
import type { Scene } from '../stage/scene';
import type { Stage } from '../stage/stage';
import { readAll, type Reading } from './reading';

type Told = (reading: Reading) => void;

const quick = ['container'];
const pings = 20;

/** Starts `quick` from the page, as its button does, and waits until it is over. */
async function oneRun(ask: (name: string, input: unknown) => Promise<unknown>): Promise<void> {
  const presets = (await ask('presets', {})) as { name: string }[];
  const plan = {
    ...presets.find(({ name }) => name === 'quick'),
    targets: quick,
    trials: 1,
    warmups: 0,
    soakMs: 500,
  };
  const id = (await ask('startRun', { plan, anyway: true })) as string;
  for (;;) {
    const { state } = (await ask('run', { id })) as { state: string };
    if (state !== 'running') return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const worst = (times: readonly number[]): number => Math.max(...times);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < pings; turn += 1) {
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
  }
  return worst(times);
}

async function again(
  scene: Scene,
  minutes: number,
  told: Told,
  {
    ask,
    delays,
  }: { ask: (name: string, input: unknown) => Promise<unknown>; delays: () => Promise<Partial<Reading>> },
): Promise<number> {
  const startedMs = performance.now();
  const sinceMinutes = () => (performance.now() - startedMs) / 60_000;
  let runs = 0;
  while (sinceMinutes() < minutes) {
    await oneRun(ask);
    runs += 1;
    told({ atMinutes: sinceMinutes(), ...readAll(scene.prefix), ...(await delays()) });
  }
  return runs;
}

const homeOf = ({ folder, dataFolder, environment }: Scene): Home => ({
  folder,
  dataFolder,
  environment: environment as Record<string, string>,
  [Symbol.dispose]: () => undefined,
});

export async function soakWindow(_: Stage, scene: Scene, minutes: number, told: Told): Promise<number> {
  await using screen = await virtualScreen();
  const { app, page } = await openApp(screen, homeOf(scene));
  const ask = async (name: string, input: unknown) => {
    const answer = await page.evaluate(([call, given]) => window.tare!.call(call, given), [name, input] as [
      string,
      unknown,
    ]);
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.failure)}`);
    return answer.value;
  };
  try {
    return await again(scene, minutes, told, {
      ask,
      delays: async () => ({ callMs: await timed(() => ask('presets', {})) }),
    });
  } finally {
    await app.close();
  }
}

export async function soakPages(_: Stage, scene: Scene, minutes: number, told: Told): Promise<number> {
  const server = scene.start(['serve', '--port', '0'], { limits: { wallMs: (minutes + 10) * 60_000 } });
  for await (const chunk of server.child.stdout as AsyncIterable<string>) if (/http:\S+/.test(chunk)) break;
  const url = new URL(/http:\S+/.exec(server.stdout())![0]);
  const token = new URLSearchParams(url.hash.slice(1)).get('token')!;
  const ask = async (name: string, input: unknown) => {
    const headers = { 'content-type': 'application/json', 'x-tare-token': token };
    const response = await fetch(new URL(`/call/${name}`, url), {
      method: 'POST',
      headers,
      body: JSON.stringify({ input }),
    });
    const answer = (await response.json()) as { ok: boolean; value: unknown };
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer.value;
  };
  const ping = async () => void (await (await fetch(new URL('/', url))).text());
  const browser = await openBrowser();
  const pages: Page[] = [];
  for (const reader of [await newReader(browser), await newReader(browser)])
    pages.push((await visit(reader, url.href)).page);
  try {
    return await again(scene, minutes, told, {
      ask,
      delays: async () => ({ pingMs: await timed(ping), callMs: await timed(() => ask('presets', {})) }),
    });
  } finally {
    await browser.close();
    server.child.kill('SIGINT');
    await server.ended;
  }
}
