/** Prints with an installed browser, over the pipe of its debugging protocol: no port is opened, and no file changes hands. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { TareError } from '../../../base/errors';
import { killGroup, lastOf } from '../../../base/process/child';
import type { Ledger } from '../../../base/process/ledger';
import { findBrowser } from './installed';
import { printOptions } from './printOptions';

/** A browser that has not printed a page by then never will. */
const limitMs = 60_000;
const longestEvidence = 16 * 1024;

const flags = (profile: string): string[] => [
  '--headless',
  '--remote-debugging-pipe',
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-dev-shm-usage',
];

/** The user who owns nothing, on every Linux. */
const nobody = 65534;

/** Chromium's sandbox refuses to work for root, so root's browser is a user who owns nothing but the profile. */
async function asWhom(profile: string): Promise<SpawnOptions> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return {};
  await chown(profile, nobody, nobody);
  return { uid: nobody, gid: nobody, cwd: profile, env: { ...process.env, HOME: profile } };
}

/**
 * @param page    a whole HTML document that needs no network
 * @param ledger  has the browser's profile, in which the page may lie
 * @throws {TareError} `browser-missing` · `program-failed` with the browser's last words; the signal's reason when aborted
 */
export async function printWithBrowser(
  page: string,
  signal: AbortSignal,
  ledger: Pick<Ledger, 'name' | 'note'>,
): Promise<Uint8Array> {
  const found = await findBrowser();
  if ('lookedFor' in found) throw new TareError({ code: 'browser-missing', known: found.lookedFor });
  const folder = path.join(os.tmpdir(), ledger.name('print'));
  const strike = ledger.note('folder', folder);
  await mkdir(folder);
  await chmod(folder, 0o711); // whatever the umask is: the browser's user comes through, and nobody reads or writes
  const profile = path.join(folder, 'profile');
  await mkdir(profile, { mode: 0o700 });
  const child = spawn(found.program, flags(profile), {
    ...(await asWhom(profile)),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    detached: true, // a group of its own, in which its helpers are
  });
  const ended = once(child, 'exit').catch(() => undefined);
  const output = lastOf(child.stderr!, longestEvidence);
  // with its helpers, which outlive a browser that has ended where something keeps them from seeing it
  const stop = () => killGroup(child);
  const timer = setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await print(child, page);
  } catch (error) {
    signal.throwIfAborted();
    throw new TareError(
      { code: 'program-failed', program: found.program, exit: (error as Error).message, output: output() },
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
    await ended;
    // its helpers write a little longer than it lives
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    strike();
  }
}

type BrowserAnswer = { id?: number; result?: Record<string, unknown>; error?: { message: string } };

/** Asks the browser and waits for the answer; fails when the browser ends. */
function protocol(child: ChildProcess) {
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.on('error', fail);
  child.on('exit', (code, killedBy) => fail(new Error(killedBy ?? `exit ${code}`)));
  input.on('error', fail);
  let rest: Buffer[] = [];
  const take = (message: Buffer) => {
    const { id, result, error } = JSON.parse(message.toString('utf8')) as BrowserAnswer;
    const asked = waiting.get(id ?? -1);
    if (!asked) return; // an event
    waiting.delete(id!);
    if (error) asked.reject(new Error(error.message));
    else asked.resolve(result as never);
  };
  output.on('data', (piece: Buffer) => {
    let from = 0;
    for (let end = piece.indexOf(0); end >= 0; end = piece.indexOf(0, from)) {
      take(Buffer.concat([...rest, piece.subarray(from, end)]));
      rest = [];
      from = end + 1;
    }
    rest.push(piece.subarray(from));
  });
  let last = 0;
  return <T>(method: string, parameters: object, sessionId?: string): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      if (child.exitCode !== null || child.signalCode !== null) fail(new Error('it has ended'));
      else input.write(`${JSON.stringify({ id, method, params: parameters, sessionId })}\0`);
    });
}

async function print(child: ChildProcess, page: string): Promise<Uint8Array> {
  const ask = protocol(child);
  const { targetId } = await ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  const { frameTree } = await ask<{ frameTree: { frame: { id: string } } }>(
    'Page.getFrameTree',
    {},
    sessionId,
  );
  await ask('Page.setDocumentContent', { frameId: frameTree.frame.id, html: page }, sessionId);
  const { data } = await ask<{ data: string }>('Page.printToPDF', printOptions, sessionId);
  return Buffer.from(data, 'base64');
}
