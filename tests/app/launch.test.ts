import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { home, root } from '../support/window/app';

const launch = path.join(root, 'dist/main/launch.cjs');

it('prints which Electron it would open, and why it is not another one', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [launch, '--print']);
  expect(stdout).toMatch(/^(override|official|registry) .*electron$/m);
  if (stdout.startsWith('registry'))
    expect(stderr).toMatch(/Electron 25\.1\.1 from the npm registry: .*official: /);
  if (process.getuid?.() === 0) expect(stderr).toContain('--no-sandbox');
});

it.runIf(process.platform === 'linux')('serves the page where there is no screen, and says so', async () => {
  using own = home();
  const started = spawn(process.execPath, [launch, '--port', '0'], {
    env: { ...process.env, ...own.environment, DISPLAY: '', WAYLAND_DISPLAY: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(started, 'exit');
  let told = '';
  started.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  let url: string | undefined;
  for await (const chunk of started.stdout as AsyncIterable<Buffer>) {
    url = /http:\S+/.exec(chunk.toString())?.[0];
    if (url) break;
  }
  const page = await fetch(new URL('/', url));
  expect(await page.text()).toContain('<title>Tare</title>');
  expect(told).toContain('there is no screen here');
  started.kill('SIGTERM');
  await ended;
});
