/** The built page in a real Chromium, with an engine that says what it is told to: nothing but drawing takes time. */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { TareEvent } from '../../main/contract/events';
import { noExperience } from '../../main/contract/planning';
import type { Run } from '../../main/contract/run/run';
import { root } from '../support/window/app';

export interface StagedPage extends AsyncDisposable {
  page: Page;
}

/** What the staging adds to the page's window. */
export interface Stage {
  answers: Record<string, unknown>;
  tell(events: TareEvent[]): void;
  /** when the last answer was given, on the page's clock */
  answeredAtMs: number;
}

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

async function servedFolder(folder: string): Promise<{ url: string; server: http.Server }> {
  const server = http.createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://page').pathname.replace(/\/$/, '/index.html');
    readFile(path.join(folder, name)).then(
      (content) => response.setHeader('content-type', types[path.extname(name)] ?? 'text/plain').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

/** @param run  what the call `run` answers */
export async function stagedPage(run: Run): Promise<StagedPage> {
  const { url, server } = await servedFolder(path.join(root, 'dist/renderer'));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    const listeners = new Set<(events: unknown[]) => void>();
    const stage = {
      answers: {} as Record<string, unknown>,
      answeredAtMs: 0,
      tell: (events: unknown[]) => listeners.forEach((listener) => listener(events)),
    };
    const tare = {
      call: (name: string) => {
        stage.answeredAtMs = performance.now();
        return Promise.resolve({ ok: true, value: stage.answers[name] ?? [] });
      },
      nativeShell: () => Promise.resolve({ ok: true, value: null }),
      onEvents: (listener: (events: unknown[]) => void) => (listeners.add(listener), () => undefined),
      onCommand: () => () => undefined,
    };
    Object.assign(window, { stage, tare });
  });
  await page.goto(`${url}#/history`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(
    (answers) => void Object.assign((window as unknown as { stage: Stage }).stage.answers, answers),
    { run, experience: noExperience },
  );
  return {
    page,
    async [Symbol.asyncDispose]() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
