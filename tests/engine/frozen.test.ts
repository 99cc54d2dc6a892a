/** An engine of the test's own that hangs in the midst of a run, and a data folder that fills up: told, and nobody is held. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedCache } from '../support/cache';
import { scratchImage, testKit } from '../support/images';
import { ownDaemon, type OwnDaemon } from '../support/engines/ownDaemon';

const program = path.resolve('dist/main/cli.cjs');
const home = mkdtempSync(path.join(os.tmpdir(), 'tare-frozen-'));
let daemon: OwnDaemon;
let image: string;

beforeAll(async () => {
  mkdirSync(path.join(home, 'cache'));
  symlinkSync(sharedCache(), path.join(home, 'cache/tare'));
  await testKit();
  image = await scratchImage();
  daemon = await ownDaemon();
  daemon.copy(image);
});
afterAll(async () => {
  await daemon?.stop();
  rmSync(home, { recursive: true });
});

/** Begins a run on the test's own engine. */
function begin(words: string[], environment: NodeJS.ProcessEnv = {}) {
  const folders = Object.fromEntries(
    ['DATA', 'CONFIG', 'CACHE'].map((name) => [`XDG_${name}_HOME`, path.join(home, name.toLowerCase())]),
  );
  const all = ['run', '--image', image, '--port', '8080', '--targets', 'container', '--soak', '1s', ...words];
  const child = spawn(process.execPath, [program, ...all], {
    env: { ...process.env, ...folders, DOCKER_HOST: daemon.endpoint, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null]>;
  return { child, said, ended };
}

/** Lines are wrapped where they happen to end. */
const squeezed = (text: string): string => text.replace(/\s+/g, ' ');

const containers = () => daemon.docker('ps', '--all', '--quiet').split('\n').filter(Boolean);

test('an engine that hangs: two Ctrl-C leave, say what is left, and the next clean removes it', async () => {
  const { child, said, ended } = begin(['--trials', '20']);
  await expect.poll(containers).toHaveLength(1);
  const pid = Number(readFileSync(path.join(daemon.folder, 'pid'), 'utf8'));
  process.kill(pid, 'SIGSTOP');
  try {
    child.kill('SIGINT');
    await expect.poll(() => said.stderr).toContain('Stopping');
    child.kill('SIGINT');
    const [code] = await ended; // it does not wait for the engine, which answers nobody
    expect(code).toBe(130);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect(said.stderr).toContain('Quitting within');
  expect(squeezed(said.stderr)).toMatch(/Not removed yet: container tare-/);
  const clean = spawn(process.execPath, [program, 'clean', '--json'], {
    env: {
      ...process.env,
      XDG_DATA_HOME: path.join(home, 'data'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      DOCKER_HOST: daemon.endpoint,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told] = (await once(clean.stdout, 'data')) as [Buffer];
  await once(clean, 'close');
  expect(JSON.parse(told.toString())).toMatchObject({ kept: [] });
  expect(containers()).toEqual([]);
  expect(readdirSync(path.join(home, 'data/tare/ledger'))).toEqual([]);
});

test('a disk that fills up in a run: told with its place, exit 3, and what was measured is shown', async () => {
  const disk = path.join(home, 'small');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tare-test', disk]);
  try {
    const { said, ended } = begin(['--trials', '20'], { XDG_DATA_HOME: disk });
    await expect.poll(() => said.stderr.split('✓').length).toBeGreaterThan(3);
    const fill = Buffer.alloc(4096);
    let free = true;
    for (let part = 0; free; part++) {
      try {
        writeFileSync(path.join(disk, `fill-${part}`), fill);
      } catch {
        free = false;
      }
    }
    const [code] = await ended;
    expect(code).toBe(3);
    expect(squeezed(said.stderr)).toMatch(/small\S* cannot be written: no space is left/);
    expect(said.stdout).toContain('(failed)'); // and not as it was when it could last be written
    expect(said.stdout).toContain('scratch');
  } finally {
    execFileSync('umount', [disk]);
  }
  expect(containers()).toEqual([]);
});
