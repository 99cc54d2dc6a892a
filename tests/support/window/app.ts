import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findRuntime } from '../../../main/doors/desktop/runtime';
import { sharedCache } from '../cache';
import { virtualScreen, type Screen } from './screen';

export const root = path.resolve(import.meta.dirname, '../../..');

/** Folders of its own for a program under test: nothing of a person's own Tare is seen or touched. */
export interface Home extends Disposable {
  /** that all the others are in */
  folder: string;
  environment: Record<string, string>;
  dataFolder: string;
}

export function home(): Home {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-home-'));
  const cache = sharedCache();
  mkdirSync(cache, { recursive: true });
  mkdirSync(path.join(folder, 'cache'));
  symlinkSync(cache, path.join(folder, 'cache/tare'));
  const environment = {
    XDG_DATA_HOME: path.join(folder, 'data'),
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    LANG: 'en_US.UTF-8',
  };
  return {
    folder,
    environment,
    dataFolder: path.join(folder, 'data/tare'),
    // what draws for the window may write its shaders until a moment after it has ended
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** The built program in a real Electron. */
export interface OpenedApp {
  app: ElectronApplication;
  page: Page;
  /** what the page wrote to its console as an error */
  problems: string[];
}

const bundles = path.join(root, 'dist/main/desktop.cjs');

/** The Electron that is here: a test says yes to the old one of the registry. */
export const anyRuntime = () => findRuntime({ root, mayBeOld: () => Promise.resolve(true) });

/** It, on the built program. */
async function builtProgram(): Promise<[string, ...string[]]> {
  if (!existsSync(bundles)) throw new Error(`${bundles} is absent: npm run build comes first`);
  const runtime = await anyRuntime();
  if (runtime.kind === 'none') throw new Error(`no Electron: ${JSON.stringify(runtime.passedOver)}`);
  return [runtime.electron, root];
}

/** What nothing on a page takes, also on a busy machine. */
export const patienceMs = 90_000;

const usualWords = ['--no-sandbox', '--force-device-scale-factor=1'];

const environmentOn = (screen: Screen, { environment }: Home) => ({
  ...(process.env as Record<string, string>),
  ...environment,
  DISPLAY: screen.display,
});

/** Starts the built program once more, as a person would, with nobody looking into it. @returns its exit code once it has ended */
export async function startAgain(screen: Screen, own: Home): Promise<number | null> {
  const [electron, ...words] = await builtProgram();
  const started = spawn(electron, [...usualWords, ...words], {
    env: environmentOn(screen, own),
    stdio: 'ignore',
  });
  const [code] = (await once(started, 'exit')) as [number | null];
  return code;
}

/**
 * Opens the window of the built program, or of a packed one. The caller closes the application.
 * @param program  the packed program
 * @param words    what stands behind it on its command line
 */
export async function openApp(
  screen: Screen,
  own: Home,
  { program, words = [] }: { program?: string; words?: string[] } = {},
): Promise<OpenedApp> {
  const [executablePath, ...first]: [string, ...string[]] =
    program === undefined ? await builtProgram() : [program];
  const app = await _electron.launch({
    executablePath,
    args: [...usualWords, ...first, ...words],
    env: environmentOn(screen, own),
  });
  app.context().setDefaultTimeout(patienceMs);
  const page = await app.firstWindow();
  const problems = watchProblems(page);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { app, page, problems };
}

/** A container that starts changes the computer's network, and the browser then drops what it is fetching: the page fetches it again. */
const isNetworkChange = (text: string): boolean => text.includes('net::ERR_NETWORK_CHANGED');

/** What the page writes to its console as an error, and what it throws. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on(
    'console',
    (line) => line.type() === 'error' && !isNetworkChange(line.text()) && problems.push(line.text()),
  );
  page.on('pageerror', (error) => problems.push(error.message));
  return problems;
}

export { virtualScreen };
