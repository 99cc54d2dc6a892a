import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Locale } from '../../contract/appearance';
import { message } from '../../contract/messages';
import { findRuntime, type Runtime } from './runtime';

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

/** Chromium refuses root unless its sandbox is off, and that is for a person to say. */
const withoutSandbox = (args: readonly string[]): boolean =>
  process.platform === 'linux' && process.getuid?.() === 0 && !args.includes('--no-sandbox');

function explain(runtime: Runtime): void {
  const reasons = runtime.passedOver.map(({ kind, reason }) => `${kind}: ${reason}`).join(' · ');
  if (runtime.kind === 'registry')
    tell(message(locale, 'launch.old-electron', { version: runtime.version ?? '?', reasons }));
  if (runtime.kind === 'none') tell(message(locale, 'launch.no-electron', { reasons }));
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

function serve(args: string[]): void {
  const words = args.filter((word) => word !== '--no-sandbox'); // the window's alone
  become(process.execPath, [path.join(root, 'dist/main/cli.cjs'), 'serve', '--open', ...words]);
}

async function main(args: string[]): Promise<void> {
  const print = args.includes('--print');
  const obstacle = withoutScreen() ? 'launch.no-screen' : withoutSandbox(args) ? 'launch.as-root' : undefined;
  if (!print && obstacle) {
    tell(message(locale, obstacle));
    serve(args);
    return;
  }
  const runtime = await findRuntime({ root });
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
