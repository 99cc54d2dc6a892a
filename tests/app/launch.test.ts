import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { registryRuntime } from '../../main/doors/desktop/registryRuntime';
import { home, root } from '../support/window/app';
import { printedAddress } from '../support/window/served';

const launch = path.join(root, 'dist/main/launch.cjs');

it('prints which Electron it would open, and why it is not another one', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [launch, '--print']);
  expect(stdout).toMatch(/^(override|official|registry) .*electron$/m);
  if (stdout.startsWith('registry'))
    expect(stderr).toContain(
      `Electron ${registryRuntime.electronVersion} from the npm registry: it is old and gets no security fixes`,
    );
});

describe.runIf(process.platform === 'linux')('serves the page to a browser, and says why', () => {
  it('where there is no screen', () =>
    servesInstead({ DISPLAY: '', WAYLAND_DISPLAY: '' }, 'there is no screen here'));

  it.runIf(process.getuid?.() === 0)('where root would have no sandbox', () =>
    servesInstead({ DISPLAY: ':0' }, 'npm start -- --no-sandbox'),
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
