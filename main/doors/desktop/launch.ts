import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Locale } from '../../contract/appearance';
import { message } from '../../contract/messages';
import { registryRuntime } from './registryRuntime';
import { findRuntime, type PassedOver, type Runtime } from './runtime';

/** `npm start`: finds an Electron and opens the window with it, or serves the page where there is none. */

const root = path.resolve(__dirname, '../..');
const locale: Locale = /^zh/.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '')
  ? 'zh-CN'
  : 'en';
const tell = (line: string) => process.stderr.write(`tare: ${line}\n`);

const withoutScreen = (): boolean =>
  process.platform === 'linux' &&
  !process.env.DISPLAY &&
  !process.env.WAYLAND_DISPLAY &&
  process.env.TARE_XVFB !== '1';

/** Chromium refuses root unless its sandbox is off, and Tare shows what others have made. */
const isRoot = (): boolean => process.platform === 'linux' && process.getuid?.() === 0;

/** The word that says yes to the old Electron where there is nobody to ask. */
const agreeing = '--old-electron';
const sandboxOff = '--no-sandbox';

const reasonsOf = (passedOver: readonly PassedOver[]): string =>
  passedOver.map(({ kind, reason }) => `${kind}: ${reason}`).join(' · ');

const version = registryRuntime.electronVersion;

/** Asks whoever sits at the terminal. Where there is none, nobody has said yes. */
async function mayBeOld(passedOver: readonly PassedOver[]): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = message(locale, 'launch.ask-old', { version, reasons: reasonsOf(passedOver) });
    return /^(y|yes|是)$/i.test((await terminal.question(`tare: ${question} [y/N] `)).trim());
  } catch {
    return false; // Ctrl-D
  } finally {
    terminal.close();
  }
}

function explain({ kind, passedOver }: Runtime): void {
  const reasons = reasonsOf(passedOver);
  if (kind === 'registry') tell(message(locale, 'launch.old-electron', { version, reasons }));
  if (kind === 'none') tell(message(locale, 'launch.no-electron', { version, reasons, option: agreeing }));
}

/** Runs a program in the foreground and ends with its exit code. */
function become(program: string, args: string[]): void {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    tell(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

const serve = (args: string[]): void =>
  become(process.execPath, [path.join(root, 'dist/main/cli.cjs'), 'serve', '--open', ...args]);

async function main(words: string[]): Promise<void> {
  if (words.includes(sandboxOff)) {
    tell(message(locale, 'launch.no-sandbox'));
    process.exitCode = 2;
    return;
  }
  const print = words.includes('--print');
  const agreed = words.includes(agreeing);
  const args = words.filter((word) => word !== agreeing);
  const obstacle = withoutScreen() ? 'launch.no-screen' : isRoot() ? 'launch.as-root' : undefined;
  if (!print && obstacle) {
    tell(message(locale, obstacle));
    serve(args);
    return;
  }
  const runtime = await findRuntime({ root, mayBeOld: agreed ? () => Promise.resolve(true) : mayBeOld });
  explain(runtime);
  if (print) {
    const { kind } = runtime;
    console.log(
      kind === 'none' ? kind : `${kind} ${runtime.version ?? ''} ${runtime.electron}`.replaceAll('  ', ' '),
    );
    return;
  }
  if (runtime.kind === 'none') {
    serve(args);
    return;
  }
  const line = [runtime.electron, root, ...args];
  if (process.env.TARE_XVFB === '1') become('xvfb-run', ['--auto-servernum', ...line]);
  else become(line[0] ?? '', line.slice(1));
}

void main(process.argv.slice(2));
