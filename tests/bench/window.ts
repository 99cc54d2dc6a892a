/** What the window costs: until it can be used, per redraw of a live run, and per report. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type CDPSession, type ElectronApplication, type Page } from 'playwright-core';
import { locales } from '../../main/contract/appearance';
import type { TareEvent } from '../../main/contract/events';
import type { Run } from '../../main/contract/run/run';
import { ascending, median, quantile } from '../../main/engine/results/statistics/summary';
import { anyRuntime, home, openApp, root, virtualScreen, type Home } from '../support/window/app';
import { fakeReportedRun, fakeRun } from '../support/fakes/fakeRun';
import type { Screen } from '../support/window/screen';
import { weightOf } from '../support/window/weight';
import { figure } from './figures';
import { stagedPage, type Stage } from './stagedPage';

const told = (name: string, words: string) => console.log(`${name.padEnd(52)} ${words}`);

export async function costOfWindow(): Promise<void> {
  weightOfPage();
  await timeToInteractive();
  await onStage(heavyRun(100_000), drawReport);
}

export const costOfLiveView = (): Promise<void> => onStage(twentyInstances(), redrawLive);

async function onStage(run: Run, work: (page: Page, run: Run) => Promise<void>): Promise<void> {
  const staged = await stagedPage(run);
  try {
    await work(staged.page, run);
  } finally {
    await staged[Symbol.asyncDispose]();
  }
}

function weightOfPage(): void {
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const locale of locales) {
    const { firstBytes, wholeBytes } = weightOf(path.join(root, 'dist/renderer'), locale);
    told(
      `the page in ${locale}, gzip: script, words, style, type`,
      `${kilobytes(firstBytes)} until its first screen (aim: 260), ${kilobytes(wholeBytes)} with every other page`,
    );
  }
}

/** When a window has drawn its first text, by the page's own clock, and when its heading can be used; both since the program was started. */
interface Opening {
  contentMs: number;
  headingMs: number;
}

async function opening(app: ElectronApplication, page: Page, startedAtMs: number): Promise<Opening> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const headingMs = Date.now() - startedAtMs;
  const contentAtMs = await page.evaluate(async () => {
    const found = () => performance.getEntriesByName('first-contentful-paint')[0];
    while (!found()) await new Promise((resolve) => setTimeout(resolve));
    return performance.timeOrigin + found()!.startTime;
  });
  await app.close();
  return { contentMs: contentAtMs - startedAtMs, headingMs };
}

/** The same Electron with nothing in it: what a window costs before it is Tare's. */
function bareProgram(): { folder: string } & Disposable {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-bare-'));
  writeFileSync(path.join(folder, 'package.json'), '{"name":"bare","version":"1.0.0","main":"main.js"}');
  writeFileSync(
    path.join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron');
     app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<h1>bare</h1>'));`,
  );
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

async function bareWindow(electron: string, screen: Screen, folder: string): Promise<Opening> {
  const startedAtMs = Date.now();
  const app = await _electron.launch({
    executablePath: electron,
    args: ['--no-sandbox', folder],
    env: {
      ...(process.env as Record<string, string>),
      XDG_CONFIG_HOME: path.join(folder, 'config'),
      DISPLAY: screen.display,
    },
  });
  return opening(app, await app.firstWindow(), startedAtMs);
}

async function tareWindow(screen: Screen, own: Home): Promise<Opening> {
  const startedAtMs = Date.now();
  const { app, page } = await openApp(screen, own);
  return opening(app, page, startedAtMs);
}

async function timeToInteractive(): Promise<void> {
  const runtime = await anyRuntime();
  if (runtime.kind === 'none') return told('time to an interactive window', 'no Electron here');
  await using screen = await virtualScreen();
  using program = bareProgram();
  using own = home();
  const [bare, tare]: [Opening[], Opening[]] = [[], []];
  // as somebody meets it who has it: with what the first starts have left in the caches
  for (let round = 0; round < 2; round += 1) {
    await bareWindow(runtime.electron, screen, program.folder);
    await tareWindow(screen, own);
  }
  for (let round = 0; round < 7; round += 1) {
    bare.push(await bareWindow(runtime.electron, screen, program.folder));
    tare.push(await tareWindow(screen, own));
  }
  for (const [of, words] of [
    ['contentMs', 'first text is painted'],
    ['headingMs', 'heading can be used'],
  ] as const) {
    const [empty, ours] = [bare, tare].map((all) => all.map((one) => one[of])) as [number[], number[]];
    figure(`bare Electron window until its ${words}`, empty);
    figure(`Tare’s window until its ${words}`, ours);
    // each against the one beside it: the computer is not as busy all the time
    const ratios = ours.map((ms, round) => ms / empty[round]!);
    told('  ratio, median of pairs', `${median(ratios).toFixed(2)} (aim: at most 1.3)`);
  }
}

/** A run whose line over time has this many points, undecimated: more than the engine ever sends. */
function heavyRun(points: number): Run {
  const run = fakeReportedRun({ preset: 'quick', plan: { trials: 12 } });
  const lines = run.report.charts.find((chart) => chart.kind === 'lines')!;
  for (const line of lines.lines)
    line.points = Array.from({ length: points / lines.lines.length }, (_, at) => ({
      xMs: at * 6,
      y: 2 ** 27 * (1 + 0.2 * Math.sin(at / 900) + 0.05 * Math.sin(at * 7)),
    }));
  return run;
}

/** From the answer until all charts and tables are laid out and painted. */
async function drawReport(page: Page, run: Run): Promise<void> {
  const whole: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    await page.evaluate(() => (location.hash = '#/history'));
    await page.waitForFunction(() => document.querySelectorAll('figure .drawing canvas').length === 0);
    whole.push(
      await page.evaluate(async (id) => {
        location.hash = `#/report/${id}`;
        const { stage } = window as unknown as { stage: Stage };
        while (document.querySelectorAll('figure .drawing canvas').length < 4)
          await new Promise((resolve) => setTimeout(resolve));
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve)); // the frame has been painted
        return performance.now() - stage.answeredAtMs;
      }, run.id),
    );
  }
  figure('report with 100,000 points: whole page drawn (aim 100)', whole.slice(1));
  figure('  its largest chart laid out anew and painted (aim 50)', await page.evaluate(repaints, 20));
}

/** Makes each chart narrower in turns; of each time, the longest that one took from its new width until its pixels could be read. */
async function repaints(rounds: number): Promise<number[]> {
  for (const folded of document.querySelectorAll('details')) folded.open = true;
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let longest = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('figure .drawing canvas')) {
      const drawing = canvas.closest<HTMLElement>('.drawing')!;
      await new Promise(requestAnimationFrame);
      const resized = new Promise((resolve) =>
        new MutationObserver(resolve).observe(canvas, { attributeFilter: ['width'] }),
      );
      const fromMs = performance.now();
      drawing.style.width = round % 2 ? '' : 'calc(100% - 9px)';
      await resized;
      canvas.getContext('2d')!.getImageData(0, 0, 1, 1); // waits for the pixels
      longest = Math.max(longest, performance.now() - fromMs);
    }
    took.push(longest);
  }
  return took;
}

const minutes = 10;
const ticksPerSecond = 4;

/** Ten workloads on two targets, all up, read four times a second; one event each as the batches bring them. */
function liveEvents(run: Run): { begin: TareEvent[]; tick: (at: number) => TareEvent[] } {
  const turns = run.plan.targets.flatMap((target) =>
    run.plan.workloads.map(({ name }) => ({ target, workload: name, trial: `${name}/${target}/0` })),
  );
  return {
    begin: [
      { kind: 'run-started', run: run.id, plan: run.plan, trials: turns.length },
      ...turns.map(({ target, workload, trial }): TareEvent => ({
        kind: 'trial-started',
        run: run.id,
        trial,
        workload,
        target,
        index: 0,
        warmup: false,
        startMs: 0,
      })),
      ...turns.flatMap(({ trial }): TareEvent[] =>
        ['start', 'created', 'started'].map((name, at) => ({
          kind: 'phase',
          run: run.id,
          trial,
          phase: { name, atMs: at * 20 },
        })),
      ),
    ],
    tick: (at) => [
      {
        kind: 'samples',
        run: run.id,
        samples: [
          ...turns.map(({ trial }, turn) => ({
            kind: 'instance' as const,
            trial,
            atMs: (at * 1000) / ticksPerSecond,
            residentBytes: 2 ** 26,
            hostBytes: 2 ** 26 * (1 + turn / 10 + 0.2 * Math.sin((at + turn) / 40)),
          })),
          {
            kind: 'host' as const,
            atMs: (at * 1000) / ticksPerSecond,
            lateMs: 0,
            costMs: 1,
            availableBytes: 2 ** 33 - 2 ** 24 * at,
            load: 0.5,
          },
        ],
      },
    ],
  };
}

/** The heap after everything that nobody needs is gone, as the inspector collects it: a page's own gc() leaves some behind. */
async function heapBytes(inspector: CDPSession): Promise<number> {
  await inspector.send('HeapProfiler.collectGarbage');
  return (await inspector.send('Runtime.getHeapUsage')).usedSize;
}

const twentyInstances = (): Run =>
  fakeRun({
    plan: {
      workloads: Array.from({ length: 10 }, (_, at) => ({
        name: `app-${at}`,
        image: { kind: 'builtin' as const, name: 'web' as const },
        limits: { memoryBytes: 2 ** 28 },
      })),
      arrangement: 'together',
      trials: 1,
    },
  });

async function redrawLive(page: Page, run: Run): Promise<void> {
  const { begin, tick } = liveEvents(run);
  await page.evaluate((events) => (window as unknown as { stage: Stage }).stage.tell(events), begin);
  await page.evaluate((id) => (location.hash = `#/live/${id}`), run.id);
  await page.locator('.lanes li').nth(19).waitFor();
  const took: number[] = [];
  const heaps: number[] = [];
  const inspector = await page.context().newCDPSession(page);
  const perMinute = 60 * ticksPerSecond;
  for (let minute = 0; minute < minutes; minute += 1) {
    const batches = Array.from({ length: perMinute }, (_, at) => tick(minute * perMinute + at));
    took.push(...(await page.evaluate(redraws, batches)));
    heaps.push(await heapBytes(inspector));
  }
  const sorted = ascending(took);
  told(
    `live redraw, 20 instances, ${minutes} min at ${ticksPerSecond} Hz (aim 16)`,
    `median ${quantile(sorted, 0.5).toFixed(1)} ms, p95 ${quantile(sorted, 0.95).toFixed(1)} ms, max ${sorted.at(-1)!.toFixed(1)} ms, n=${took.length}`,
  );
  told(
    'heap of the page after minute 1 and after the last',
    `${(heaps[0]! / 1e6).toFixed(1)} and ${(heaps.at(-1)! / 1e6).toFixed(1)} MB (${((heaps.at(-1)! / heaps[0]! - 1) * 100).toFixed(1)} %; aim: within 10)`,
  );
}

/** Hands each batch to the page and times what follows on its thread: script, then style, layout and painting. */
async function redraws(batches: TareEvent[][]): Promise<number[]> {
  const { stage } = window as unknown as { stage: Stage };
  const took: number[] = [];
  for (const events of batches) {
    const fromMs = performance.now();
    stage.tell(events);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve(); // the page's effects run in microtasks
    const scriptMs = performance.now() - fromMs;
    const frameMs = await new Promise<number>((resolve) =>
      requestAnimationFrame(() => {
        const frameAtMs = performance.now();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close(); // an open one would be kept, and with it the batch: the heap would seem to grow
          resolve(performance.now() - frameAtMs);
        };
        port2.postMessage(undefined); // handled once the frame has been laid out and painted
      }),
    );
    took.push(scriptMs + frameMs);
  }
  return took;
}
