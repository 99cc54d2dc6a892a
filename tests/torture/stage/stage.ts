/** What all attacks stand on: a Docker of their own, a cache that is filled once, and folders of their own for each case. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildKit, openKit } from '../../../main/engine/images/guest/kit';
import { openLedger } from '../../../main/engine/base/process/ledger';
import { sharedCache } from '../../support/cache';
import { ownDaemon, type OwnDaemon } from '../../support/engines/ownDaemon';
import { Scene } from './scene';

/** A cache of its own: `empty`, or `filled` with the guest kit; else one that all share. */
export type CacheKind = 'empty' | 'filled';

export interface Stage {
  daemon: OwnDaemon;
  /** a static one, of the guest kit */
  busybox: string;
  scene: (name: string, cache?: CacheKind) => Scene;
  /** how long a command usually goes on when nobody disturbs it, in ms, at most `mostMs`; found out once */
  usualMs: (scene: Scene, words: string[], mostMs: number) => Promise<number>;
  close: () => Promise<void>;
}

/** What takes minutes to make and does not change: the guest kit and the small kernel, as far as the tests' cache has them. */
function fill(cacheHome: string): void {
  const folder = path.join(cacheHome, 'tare');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = existsSync(sharedCache())
    ? readdirSync(sharedCache()).filter((name) => /^(kit|kernel)/.test(name))
    : [];
  for (const name of made) execFileSync('cp', ['-a', path.join(sharedCache(), name), folder]);
}

/** Made where no test has made it yet, which takes a minute. */
async function kitIn(cacheFolder: string) {
  const ledger = openLedger(path.join(cacheFolder, 'ledger'));
  try {
    const { signal } = new AbortController();
    return await openKit({ cacheFolder }).catch(async () => {
      await buildKit({ cacheFolder, ledger, signal, progress: () => undefined });
      return openKit({ cacheFolder });
    });
  } finally {
    ledger.close();
  }
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-torture-'));
  const common = path.join(folder, 'cache');
  fill(common);
  const { busybox } = await kitIn(path.join(common, 'tare'));
  const daemon = await ownDaemon();
  const usual = new Map<string, number>();
  const stage: Stage = {
    daemon,
    busybox,
    scene: (name, cache) => {
      const own = path.join(folder, name);
      const home = cache ? path.join(own, 'cache') : common;
      if (cache === 'empty') mkdirSync(home, { recursive: true });
      if (cache === 'filled') fill(home);
      return new Scene(
        own,
        daemon.endpoint,
        `torture${process.pid}n${name.replace(/[^a-z0-9]/g, '')}x`,
        home,
      );
    },
    async usualMs(scene, words, mostMs) {
      const key = words.join(' ');
      const known = usual.get(key);
      if (known !== undefined) return known;
      const running = scene.start(words);
      const timer = setTimeout(() => running.child.kill('SIGINT'), mostMs);
      const { elapsedMs } = await running.ended;
      clearTimeout(timer);
      await scene.run(['clean']);
      const found = Math.min(mostMs, elapsedMs);
      usual.set(key, found);
      return found;
    },
    async close() {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await prepare(stage);
  } catch (error) {
    await stage.close();
    throw error;
  }
  return stage;
}

/** Makes what every run needs: images of Tare's own applications, their disks. */
async function prepare(stage: Stage): Promise<void> {
  const scene = stage.scene('first');
  const words = ['run', 'quick', '--trials', '1', '--soak', '0s', '--targets', 'container,process,vm:direct'];
  const ended = await scene.run(words);
  await scene.close();
  if (ended.code !== 0) throw new Error(`the first run failed with ${ended.code}: ${ended.stderr}`);
}
