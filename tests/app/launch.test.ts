import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { registryRuntime } from '../../main/doors/desktop/registryRuntime';
import { anyRuntime, home, root } from '../support/window/app';
import { printedAddress } from '../support/window/served';

const launch = path.join(root, 'dist/main/launch.cjs');

/** The library's `FuseState`, which it does not export. */
const [fuseIsOff, fuseIsOn] = [0x30, 0x31];

it('prints which Electron it would open, and why it is not another one', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    launch,
    '--print',
    '--old-electron',
  ]);
  expect(stdout).toMatch(/^(override|official|registry) .*electron$/m);
  if (stdout.startsWith('registry'))
    expect(stderr).toContain(
      `Electron ${registryRuntime.electronVersion} from the npm registry: it is old and gets no security fixes`,
    );
});

it('takes the registry’s only where somebody says yes', async ({ skip }) => {
  if ((await anyRuntime()).kind !== 'registry') return skip('another Electron is here');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [launch, '--print']);
  expect(stdout).toBe('none\n');
  expect(stderr).toContain(`registry: ${registryRuntime.electronVersion}, not agreed to`);
  expect(stderr).toContain('--old-electron behind the command would take the old Electron');
});

it('never opens a window without its sandbox', async () => {
  const started = promisify(execFile)(process.execPath, [launch, '--no-sandbox']);
  await expect(started).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the window keeps its sandbox') as string,
  });
});

it('takes nothing of the program that the registry’s Electron comes with', async ({ skip }) => {
  const runtime = await anyRuntime();
  if (runtime.kind !== 'registry') return skip('another Electron is here');
  const folder = path.dirname(runtime.electron);
  expect(readdirSync(path.join(folder, 'resources'))).toEqual(['default_app.asar']);
  expect(readdirSync(folder)).not.toContain('browser_v8_context_snapshot.bin');
  expect(readFileSync(path.join(folder, 'version'), 'utf8')).toBe(registryRuntime.electronVersion);
  expect(await getCurrentFuseWire(runtime.electron)).toMatchObject({
    [FuseV1Options.EnableNodeCliInspectArguments]: fuseIsOn,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: fuseIsOff,
  });
});

describe.runIf(process.platform === 'linux')('serves the page to a browser, and says why', () => {
  it('where there is no screen', () =>
    servesInstead({ DISPLAY: '', WAYLAND_DISPLAY: '' }, 'there is no screen here'));

  it.runIf(process.getuid?.() === 0)('where root would have no sandbox', () =>
    servesInstead({ DISPLAY: ':0' }, 'start it as an ordinary user'),
  );
});

async function servesInstead(screen: Record<string, string>, reason: string): Promise<void> {
  using own = home();
  const started = spawn(process.execPath, [launch, '--port', '0'], {
    env: { ...process.env, ...own.environment, ...screen },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(started, 'exit');
  let told = '';
  started.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const page = await fetch(new URL('/', await printedAddress(started)));
  expect(await page.text()).toContain('<title>Tare</title>');
  expect(told).toContain(reason);
  started.kill('SIGTERM');
  await ended;
}
