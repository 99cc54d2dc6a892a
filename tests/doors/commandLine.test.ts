/** The built command line on the real daemons, given what cannot work: a short error with its remedy, the right exit code, nothing left. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locale } from '../../main/contract/appearance';
import type { FailureCode } from '../../main/contract/failures';
import { message } from '../../main/contract/messages';
import type { Run } from '../../main/contract/run/run';
import { sharedCache } from '../support/cache';
import { escapeImage, scratchImage, testKit } from '../support/images';
import { halfMade, leftovers } from '../support/leaks';

const program = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');
const home = mkdtempSync(path.join(os.tmpdir(), 'tare-line-'));
let image: string;
let silent: string;
let idle: string;

beforeAll(async () => {
  expect(existsSync(program), `${program} is absent: npm run build comes first`).toBe(true);
  mkdirSync(path.join(home, 'cache'));
  symlinkSync(sharedCache(), path.join(home, 'cache/tare'));
  image = await scratchImage();
  silent = await scratchImage(['/bin/busybox', 'sleep', '600']);
  idle = await scratchImage([]);
});
afterAll(() => {
  expect(leftovers()).toEqual([]);
  expect(halfMade(home)).toEqual([]);
  for (const place of ['disks', 'trees', 'initrds', 'snapshots'])
    expect(halfMade(path.join(sharedCache(), place))).toEqual([]);
  expect(readdirSync(path.join(home, 'data/tare/ledger')), 'a session has open entries').toEqual([]);
  rmSync(home, { recursive: true });
});

interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function tare(words: string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> {
  const folders = Object.fromEntries(
    ['DATA', 'CONFIG', 'CACHE'].map((name) => [`XDG_${name}_HOME`, path.join(home, name.toLowerCase())]),
  );
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, ...folders, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

const locales: Locale[] = ['en', 'zh-CN'];

/** Lines are wrapped where they happen to end. */
const squeezed = (text: string): string => text.replace(/\s+/g, '');

interface Bad {
  words: string[];
  environment?: NodeJS.ProcessEnv;
  exit: number;
  /** whose sentences are told */
  failure: FailureCode | 'registry-not-reached';
  /** what the error must name */
  names?: string;
  facts?: Record<string, string>;
}

/** Types it in one language after the other, since a computer measures one run at a time, and expects of both the same but for the words. */
async function expectRefused({ words, environment, exit, failure, names = '', facts = {} }: Bad) {
  for (const locale of locales) {
    const { code, stdout, stderr } = await tare(['--lang', locale, ...words], environment);
    const remedy = message(locale, `remedy.${failure}`, facts);
    expect(squeezed(stderr)).toContain(squeezed(remedy));
    expect(stderr).toContain(names);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).not.toMatch(/\n\s+at .+:\d+/); // no stack
    expect(stderr.trim().split('\n').length).toBeLessThan(16);
  }
}

const run = (...words: string[]) => ['run', 'quick', '--trials', '1', ...words];

describe('refused before anything is started:', () => {
  it('an image that is not here, where no registry can be reached', () =>
    expectRefused({
      words: run('--image', 'localhost:1/tare/nothing:here', '--targets', 'container'),
      exit: 3,
      failure: 'registry-not-reached',
      names: 'localhost:1',
    }));

  it('an image that does not say what to run', () =>
    expectRefused({
      words: run('--image', idle, '--targets', 'container'),
      exit: 2,
      failure: 'image-without-command',
    }));

  it('a plan larger than the free memory', () =>
    expectRefused({
      words: run('--memory', `${Math.ceil((2 * os.totalmem()) / 1024 ** 3)}G`),
      exit: 2,
      failure: 'memory-short',
    }));

  it('any plan without a container engine', () =>
    expectRefused({
      words: run(),
      environment: { DOCKER_HOST: 'unix:///nonexistent' },
      exit: 3,
      failure: 'docker-unreachable',
      names: '/nonexistent',
    }));

  it('a machine without QEMU', () =>
    expectRefused({
      words: run('--image', image),
      environment: { PATH: '/nonexistent' },
      exit: 3,
      failure: 'tool-missing',
      names: 'qemu-system-x86_64',
      facts: { package: 'qemu-system-x86' },
    }));

  it('a machine whose QEMU is not where TARE_QEMU says', () =>
    expectRefused({
      words: run('--image', image),
      environment: { TARE_QEMU: '/nonexistent/qemu' },
      exit: 3,
      failure: 'qemu-path-wrong',
      names: '/nonexistent/qemu',
    }));
});

it('the doctor tells what is missing, and exits with 3', async () => {
  const environment = { DOCKER_HOST: 'unix:///nonexistent', TARE_QEMU: '/nonexistent/qemu' };
  const { code, stdout } = await tare(['doctor', '--lang', 'zh-CN'], environment);
  expect(code).toBe(3);
  expect(stdout).toContain('无法连接任何容器引擎');
  expect(stdout).toContain('设置的 QEMU 路径 /nonexistent/qemu');
});

it('a port that is never opened ends the trial at its time, and what was reached until then is kept', async () => {
  const words = run('--image', silent, '--targets', 'container', '--timeout', '3s');
  const { code, stdout, stderr } = await tare([...words, '--json', '--lang', 'zh-CN']);
  expect(code).toBe(1);
  const { trials, state } = JSON.parse(stdout) as Run;
  expect(state).toBe('done');
  const late = { outcome: 'timeout', failure: { code: 'not-ready', waitedMs: 3000 } };
  expect(trials).toMatchObject([late, late]); // the warm-up, and once more, since one slow start says nothing of the others
  const phases = trials[0]!.phases.map(({ name }) => name);
  expect(phases).toEqual(expect.arrayContaining(['start', 'created', 'started']));
  expect(phases).not.toContain('ready');
  expect(squeezed(stderr)).toContain(squeezed(message('zh-CN', 'remedy.not-ready')));
  expect(await tare(['list', '--json'])).toMatchObject({ code: 0 });
});

it('nothing is kept where everybody may write', async () => {
  const shared = path.join(home, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  await expectRefused({
    words: ['--data-folder', shared, ...run('--image', image, '--targets', 'container')],
    exit: 3,
    failure: 'folder-not-private',
    names: shared,
  });
  expect(readdirSync(shared)).toEqual([]);
});

it.runIf(process.getuid?.() === 0)(
  'an image’s set-user-ID program is of no use to another user, wherever the cache lies',
  async () => {
    const place = path.join(home, 'open');
    const { folder } = await testKit();
    mkdirSync(path.join(place, 'tare'), { recursive: true });
    symlinkSync(folder, path.join(place, 'tare', path.basename(folder)));
    for (const open of [home, place, path.join(place, 'tare')]) chmodSync(open, 0o755); // as an earlier Tare made it
    const words = run('--image', await escapeImage(), '--port', '8080', '--targets', 'process', '--json');
    const said = await tare(words, { XDG_CACHE_HOME: place });
    expect(said, said.stderr).toMatchObject({ code: 1 }); // it tried, and ended
    const [tree] = readdirSync(path.join(place, 'tare/trees')).filter((name) => name.startsWith('sha256'));
    const program = path.join(place, 'tare/trees', tree!, 'set-uid');
    expect(statSync(program)).toMatchObject({ uid: 2 ** 31 });
    expect(statSync(program).mode & 0o7777).toBe(0o4755);
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
    const byShell = ['sh', '-c', 'exec "$0"', program]; // setpriv itself still has root’s powers
    expect(() => execFileSync('setpriv', [...nobody, ...byShell], { stdio: 'pipe' })).toThrow(
      /Permission denied/,
    );
    chmodSync(home, 0o700);
  },
);

/** A file system of its own, of which nothing is free. Only root may mount one. */
describe.runIf(process.getuid?.() === 0)('on a full disk', () => {
  const place = path.join(home, 'full');
  beforeAll(async () => {
    mkdirSync(place);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tare-full', place]);
    const { folder } = await testKit();
    mkdirSync(path.join(place, 'tare'));
    symlinkSync(folder, path.join(place, 'tare', path.basename(folder)));
  });
  afterAll(() => {
    expect(halfMade(place)).toEqual([]);
    execFileSync('umount', [place]);
  });

  it.each(['process', 'vm:direct'])('the image cannot be unpacked for %s', (target) =>
    expectRefused({
      words: run('--image', image, '--targets', target),
      environment: { XDG_CACHE_HOME: place },
      exit: 3,
      failure: 'disk-short',
      names: place,
    }),
  );
});
