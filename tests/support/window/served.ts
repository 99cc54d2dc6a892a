import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { home, root, type Home } from './app';
import { newReader, openBrowser, visit, type VisitedPage } from './browser';

/** The built `tare serve`, ended by its disposal. */
export interface ServedPage extends AsyncDisposable {
  /** with the token, as it is printed */
  url: string;
}

/** The address that `tare serve` prints. */
export async function printedAddress(program: ChildProcess): Promise<string> {
  for await (const chunk of program.stdout as AsyncIterable<Buffer>) {
    const found = /http:\S+/.exec(chunk.toString());
    if (found) return found[0];
  }
  throw new Error('tare serve ended without an address');
}

/** @param words  stand behind `tare serve` on its command line */
export async function servePage({ environment }: Home, words: string[] = []): Promise<ServedPage> {
  const program = path.join(root, 'dist/main/cli.cjs');
  const server = spawn(process.execPath, [program, 'serve', '--port', '0', ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return {
    url: await printedAddress(server),
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
    },
  };
}

/** The built `tare serve` on folders of its own, and a browser; all of it is ended and removed by its disposal. */
export interface ServedToBrowser extends ServedPage {
  own: Home;
  browser: Browser;
  /** Opens the page as somebody whom the browser does not know yet. */
  visit: (options?: BrowserContextOptions) => Promise<VisitedPage>;
}

/**
 * @param prepare  fills the folders before the program is started
 * @param words    stand behind `tare serve` on its command line
 */
export async function serveToBrowser({
  prepare,
  words,
}: { prepare?: (own: Home) => void; words?: string[] } = {}): Promise<ServedToBrowser> {
  const own = home();
  prepare?.(own);
  const server = await servePage(own, words);
  const browser = await openBrowser();
  return {
    own,
    url: server.url,
    browser,
    visit: async (options) => visit(await newReader(browser, options), server.url),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      own[Symbol.dispose]();
    },
  };
}
