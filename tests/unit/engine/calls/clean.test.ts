import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sweep } from '../../../../main/engine/calls/clean';
import { TareError } from '../../../../main/engine/base/errors';
import { startTicks, wordsOf } from '../../../../main/engine/base/process/proc';
import type { Resources } from '../../../../main/engine/measure/resources';

let place: string;
let resources: Resources;
const below = (...names: string[]) => path.join(place, ...names);

beforeEach(() => {
  place = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'tare-clean-'));
  for (const name of ['data/ledger', 'cache/disks', 'tmp', 'elsewhere'])
    mkdirSync(below(name), { recursive: true });
  vi.stubEnv('TMPDIR', below('tmp'));
  vi.stubEnv('XDG_RUNTIME_DIR', undefined);
  resources = {
    dataFolder: below('data'),
    cacheFolder: below('cache'),
    docker: () => Promise.reject(new TareError({ code: 'docker-unreachable', tried: [] })),
  } as Partial<Resources> as Resources;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(place, { recursive: true });
});

const file = () => below('data/ledger/dead.ndjson');

/** A list of a process that has ended. */
function deadList(...entries: object[]): void {
  const ended = spawnSync('true').pid;
  const lines = [{ owner: ended, startTicks: 1, bootId: 'another-boot' }, ...entries];
  writeFileSync(
    file(),
    lines.map((line, at) => JSON.stringify({ ...line, ...(at > 0 && { id: at }) }) + '\n').join(''),
  );
}
const folder = (name: string) => ({ kind: 'folder', name });
const made = (...names: string[]): string => {
  const full = below(...names);
  mkdirSync(full, { recursive: true });
  writeFileSync(path.join(full, 'content'), '');
  return full;
};

const reasons = async () =>
  (await sweep(resources, false)).kept.map(({ failure }) =>
    'reason' in failure ? failure.reason : failure.code,
  );

describe('what a dead session left', () => {
  it('is removed where sessions make folders, and its list with it', async () => {
    const all = [
      made('cache/disks/tare-dead-disk-1'),
      made('data/tare-dead-x-2'),
      made('tmp/tare-dead-build-3'),
    ];
    deadList(...all.map(folder), folder(below('cache/tare-dead-gone-4')));
    const { removed, kept } = await sweep(resources, false);
    expect(kept).toEqual([]);
    expect(removed.map(({ name }) => name)).toEqual(all);
    expect([...all, file()].filter((one) => existsSync(one))).toEqual([]);
  });

  it('is only told where nothing is to be removed', async () => {
    const left = made('cache/tare-dead-disk-1');
    deadList(folder(left));
    expect((await sweep(resources, true)).removed).toMatchObject([{ name: left }]);
    expect(existsSync(left) && existsSync(file())).toBe(true);
  });

  it('is found by its name among a process’s words, and by nothing like it', async () => {
    const sleeper = (word: string) => spawn('sleep', ['60'], { argv0: word, stdio: 'ignore' });
    const [left, like] = [sleeper('tare-dead-vm-1'), sleeper('tare-dead-vm-11')];
    const ended = once(left, 'exit');
    deadList({ kind: 'process', name: 'tare-dead-vm-1' });
    expect((await sweep(resources, false)).removed).toMatchObject([{ name: 'tare-dead-vm-1' }]);
    await ended;
    expect(startTicks(like.pid!)).toBeDefined();
    like.kill();
    await once(like, 'exit');
  });
});

describe('what a list names and no session made stays', () => {
  const everything: [string, () => string, string][] = [
    ['a folder of the person', () => made('elsewhere/photos'), 'not-sessions-name'],
    [
      'a folder that is called after another session',
      () => made('cache/tare-living-disk-1'),
      'not-sessions-name',
    ],
    ['a folder elsewhere', () => made('elsewhere/tare-dead-disk-1'), 'not-tares-place'],
    [
      'the way out by ..',
      () => (made('elsewhere/tare-dead-disk-1'), below('cache') + '/../elsewhere/tare-dead-disk-1'),
      'not-tares-place',
    ],
    [
      'the parent of a place',
      () => (made('cache/tare-dead-disk-1'), below('cache/tare-dead-disk-1') + '/..'),
      'not-sessions-name',
    ],
    [
      'a folder behind a link in the cache',
      () => {
        made('elsewhere/tare-dead-disk-1');
        symlinkSync(below('elsewhere'), below('cache/link'));
        return below('cache/link/tare-dead-disk-1');
      },
      'not-tares-place',
    ],
    [
      'a folder further down among everybody’s temporary files',
      () => made('tmp/x/tare-dead-build-1'),
      'not-tares-place',
    ],
    ['a name with a line break', () => made('cache/tare-dead-disk\n1'), 'not-sessions-name'],
  ];
  it.each(everything)('%s', async (_, make, reason) => {
    const victim = make();
    deadList(folder(victim));
    expect(await reasons()).toEqual([reason]);
    expect(existsSync(victim) && existsSync(file())).toBe(true);
  });

  it('what a link in its place leads to', async () => {
    const victim = made('elsewhere/tare-dead-disk-1');
    symlinkSync(victim, below('cache/tare-dead-disk-1'));
    deadList(folder(below('cache/tare-dead-disk-1')));
    expect((await sweep(resources, false)).kept).toEqual([]);
    expect(existsSync(path.join(victim, 'content'))).toBe(true);
    expect(existsSync(below('cache/tare-dead-disk-1'))).toBe(false);
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'a temporary folder of another user, who could exchange what is in it',
    async () => {
      const victim = made('tmp/tare-dead-build-1');
      chownSync(victim, 65534, 65534);
      deadList(folder(victim));
      expect(await reasons()).toEqual(['others-own']);
      expect(existsSync(victim)).toBe(true);
    },
  );

  it('a control group that is no control group', async () => {
    const victim = below('elsewhere/tare-dead-process-1');
    mkdirSync(victim);
    deadList({ kind: 'cgroup', name: victim });
    expect(await reasons()).toEqual(['not-tares-place']);
    expect(existsSync(victim)).toBe(true);
  });

  it('a process of somebody else', async () => {
    const victim = spawn('sleep', ['60'], { argv0: 'victimsleep', stdio: 'ignore' });
    deadList({ kind: 'process', name: 'victimsleep' });
    expect(await reasons()).toEqual(['not-sessions-name']);
    expect(startTicks(victim.pid!)).toBeDefined();
    victim.kill();
    await once(victim, 'exit');
  });

  it('the processes of a container that the engine still has, and of one it cannot be asked about', async () => {
    const id = 'ab'.repeat(32);
    const victim = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '-id', id], {
      argv0: 'containerd-shim-runc-v2',
      stdio: 'ignore',
    });
    deadList({ kind: 'process', name: id });
    expect(await reasons()).toEqual(['docker-unreachable']);
    const inspect = () => Promise.resolve({});
    resources = {
      ...resources,
      docker: () => Promise.resolve({ docker: { getContainer: () => ({ inspect }) } }),
    } as unknown as Resources;
    expect(await reasons()).toEqual(['still-engines']);
    expect(startTicks(victim.pid!)).toBeDefined();
    victim.kill();
    await once(victim, 'exit');
  });

  it('images and containers that are called otherwise: the engine is not even asked', async () => {
    deadList(
      { kind: 'image', name: '*' },
      { kind: 'container', name: 'postgres' },
      { kind: 'network', name: 'bridge' },
    );
    expect(await reasons()).toEqual(Array(3).fill('not-sessions-name'));
  });
});

it('a list that cannot be read is told, and stops nothing', async () => {
  writeFileSync(below('data/ledger/a.ndjson'), 'null\n');
  mkdirSync(below('data/ledger/b.ndjson'));
  const left = made('cache/tare-dead-disk-1');
  deadList(folder(left));
  expect(await sweep(resources, false)).toEqual({
    removed: [{ kind: 'folder', name: left, session: 'dead' }],
    kept: [
      {
        leftover: { kind: 'list', name: below('data/ledger/b.ndjson'), session: '' },
        failure: { code: 'list-refused', path: below('data/ledger/b.ndjson'), reason: 'EISDIR' },
      },
    ],
  });
});

describe('what stands in no list by its name', () => {
  const id = '20260101-120000-00ff';
  const work = (run: string) => ({ work: { kind: 'run', run, startedAt: '2026-01-01T12:00:00.000Z' } });

  it('a record that was half written goes, and the record that it was to replace stays', async () => {
    const folder = made('data/runs', id);
    for (const name of ['run.json', 'run.json.1234567', 'label.json'])
      writeFileSync(path.join(folder, name), '');
    deadList(work(id));
    const { removed, kept } = await sweep(resources, false);
    expect(kept).toEqual([]);
    expect(removed).toEqual([
      { kind: 'record', name: path.join(folder, 'run.json.1234567'), session: 'dead' },
    ]);
    expect(readdirSync(folder).sort()).toEqual(['content', 'label.json', 'run.json']);
  });

  it('so does the folder of a run that never got its record', async () => {
    const folder = below('data/runs', id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'samples.ndjson'), '');
    deadList(work(id));
    expect((await sweep(resources, true)).removed.map(({ name }) => name)).toEqual([folder]);
    await sweep(resources, false);
    expect(existsSync(folder)).toBe(false);
  });

  it('a run that a session that lives makes is not touched', async () => {
    const half = path.join(made('data/runs', id), 'run.json.1');
    writeFileSync(half, '');
    expect((await sweep(resources, false)).removed).toEqual([]);
    expect(existsSync(half)).toBe(true);
  });

  it('folders for what lasts a minute go when they are old and this user’s', async () => {
    const [old, young, others] = ['tare-open-abcdef', 'tare-open-ghijkl', 'tare-opening'].map((name) =>
      made('tmp', name),
    );
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const one of [old!, others!]) utimesSync(one, longAgo, longAgo);
    expect((await sweep(resources, false)).removed).toEqual([{ kind: 'folder', name: old, session: '' }]);
    expect([old, young, others].map((one) => existsSync(one!))).toEqual([false, true, true]);
  });

  it('a script that was left takes with it what it has started', async () => {
    const script = spawn('sh', ['-c', 'sleep 600 & echo $!; wait', 'sh', 'tare-dead-script-1'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(script, 'exit');
    const [told] = (await once(script.stdout, 'data')) as [Buffer];
    deadList({ kind: 'process', name: 'tare-dead-script-1' });
    const { removed } = await sweep(resources, false);
    expect(removed.map(({ name }) => name)).toEqual(['tare-dead-script-1']);
    await ended;
    // a zombie has no words: it waits for its new parent to look
    await expect.poll(() => wordsOf(Number(told.toString()))).toEqual([]);
  });
});
