/** What the tests on a real engine share: a session of their own, images without a registry, and the proof that nothing is left. */
import { mkdtempSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Progress } from '../../main/contract/work/progress';
import { Workload } from '../../main/contract/plan';
import { runBuild } from '../../main/engine/images/image/build/classic';
import { buildContext } from '../../main/engine/images/image/build/context';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import { openDocker, type DockerClient } from '../../main/engine/base/docker/client';
import { containersOf } from '../../main/engine/base/docker/leftovers';
import type { Instance } from '../../main/engine/measure/targets/target';
import type { ImageWorkload, ReadyWorkload } from '../../main/engine/images/image/facts';
import type { RunScope } from '../../main/engine/base/scope';
import { readyWorkload } from '../../main/engine/images/image/image';
import { freePort } from '../../main/engine/base/process/ports';
import { testKit } from '../support/images';
import { patience } from '../support/patience';
import { testBases } from '../support/services';

/** The static busybox of the guest kit. */
export const busybox = async (): Promise<string> => (await testKit()).busybox;
const assetsFolder = path.resolve(import.meta.dirname, '../../assets');

export interface Session {
  client: DockerClient;
  ledger: Ledger;
  folder: string;
  told: Progress[];
  scope(signal?: AbortSignal): RunScope;
  /** a built-in or other workload, its image made ready */
  ready(workload: Partial<Workload> & Pick<ImageWorkload, 'image'>): Promise<ReadyWorkload>;
  /** builds an image from a Dockerfile and busybox; removed at the end */
  image(dockerfile: string, files?: Record<string, string>): Promise<string>;
  /** fails when anything of this session still exists */
  close(): Promise<void>;
}

/** @param endpoint  default: the machine's own engine */
export async function openSession(endpoint?: string): Promise<Session> {
  const client = await openDocker(endpoint === undefined ? {} : { setting: endpoint });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-docker-'));
  const ledger = openLedger(path.join(folder, 'ledger'));
  const told: Progress[] = [];
  const images: string[] = [];
  const scope = (signal = new AbortController().signal): RunScope => ({
    ledger,
    signal,
    progress: (progress) => told.push(progress),
    freePort,
    known: new Map(),
  });
  return {
    client,
    ledger,
    folder,
    told,
    scope,
    ready(given) {
      const { image } = given;
      const name = image.kind === 'builtin' ? image.name : 'app';
      const workload = {
        ...Workload.parse({ name, limits: { memoryBytes: 64 * 1024 * 1024 }, ...given }),
        image,
      };
      const debian = testBases(client.docker);
      return readyWorkload(client, workload, { assetsFolder, busybox, debian }, scope());
    },
    async image(dockerfile, files = {}) {
      const here = mkdtempSync(path.join(folder, 'image-'));
      writeFileSync(path.join(here, 'Dockerfile'), dockerfile);
      copyFileSync(await busybox(), path.join(here, 'busybox'));
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(here, name), text);
      const reference = `tare-test-${ledger.session}:${images.length}`;
      images.push(reference);
      const about = { path: here, step: 'build-image' } as const;
      await runBuild(client.docker, await buildContext(here), { t: reference }, about, scope());
      return reference;
    },
    async close() {
      for (const reference of images) await client.docker.getImage(reference).remove({ force: true });
      const left = await containersOf(client.docker, ledger.session);
      rmSync(folder, { recursive: true, force: true });
      expect(left).toEqual([]);
    },
  };
}

/** Polls until the application answers; rejects after 90 s. */
export async function answerOf(instance: Pick<Instance, 'host' | 'port'>): Promise<string> {
  for (const deadline = Date.now() + patience.timeout; ; await sleep(5)) {
    try {
      // a try that nobody answers must not take the time of all others
      const signal = AbortSignal.timeout(5000);
      const answer = await fetch(`http://${instance.host}:${instance.port}/`, { signal });
      if (answer.ok) return await answer.text();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error('no good answer within 90 s');
  }
}
