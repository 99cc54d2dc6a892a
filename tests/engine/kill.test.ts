/** Tare is killed with SIGKILL at one moment after another; the next start must remove what it left, and only that. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createBuilder } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLedger } from '../../main/engine/base/process/ledger';
import { testEngine, webOnFreePort } from '../support/engine';
import { halfMade, leftovers } from '../support/leaks';
import { scratchImage } from '../support/images';
import { sharedCache } from '../support/cache';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';

noMinimalKernel();
const data = mkdtempSync(path.join(os.tmpdir(), 'tare-kill-'));
const bystander = 'tare-test-bystander';
let program: string;

beforeAll(async () => {
  expect(leftovers()).toEqual([]);
  program = await compiled(path.join(data, 'program'));
  const image = await scratchImage();
  // Somebody else's container, with a label and a name that look alike: never ours to remove.
  execFileSync('docker', ['create', '--name', bystander, '--label', 'tare.sessions=mine', image]);
});
afterAll(() => {
  execFileSync('docker', ['rm', '-f', bystander]);
  rmSync(data, { recursive: true });
});

/** killAt.ts as one file: it is begun at every moment, and compiled once. */
async function compiled(outDir: string): Promise<string> {
  const build = { outDir, rolldownOptions: { input: path.resolve('tests/support/killAt.ts') } };
  const configFile = path.resolve('vite.config.ts');
  const builder = await createBuilder({ configFile, logLevel: 'error', environments: { main: { build } } });
  await builder.build(builder.environments.main!);
  return path.join(outDir, 'killAt.cjs');
}

async function runUntil(target: string, moment: string) {
  const workload = {
    ...(await webOnFreePort()),
    ...(moment === 'progress disk' && { image: await unknownImage() }),
  };
  const words = [program, data, sharedCache(), target, moment, JSON.stringify(workload)];
  return spawnSync(process.execPath, words, { timeout: 120_000 });
}

/** One that no disk was made of yet: it names a realm that nothing uses. */
const unknownImage = async () => ({
  kind: 'reference' as const,
  reference: await scratchImage(['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/www', '-r', data]),
});

const moments: [string, string][] = [
  ['container', 'run-started'],
  ['container', 'trial-started'],
  ['container', 'phase start'],
  ['container', 'phase created'],
  ['container', 'phase started'],
  ['container', 'phase ready'],
  ['container', 'phase stopping'],
  ['container', 'phase stopped'],
  ['vm:direct', 'progress disk'],
  ['vm:direct', 'phase start'],
  ['vm:direct', 'phase spawned'],
  ['vm:direct', 'phase init'],
  ['vm:direct', 'phase ready'],
  ['vm:direct', 'phase stopping'],
  ['process', 'phase spawned'],
  ['process', 'phase ready'],
  ['process', 'phase stopping'],
  ...(minimalKernelIsHere
    ? ([
        ['vm:snapshot', 'file memory'], // it boots to be saved
        ['vm:snapshot', 'file state'], // it is being saved
      ] as [string, string][])
    : []),
];

test.each(moments)(
  'killed on %s at "%s", everything is removed and the run is shown as interrupted',
  async (target, moment) => {
    expect(await runUntil(target, moment)).toMatchObject({ signal: 'SIGKILL' });

    const engine = testEngine(data);
    try {
      expect((await engine.runs({}))[0]).toMatchObject({ state: 'interrupted', name: 'kill' });
      const { kept } = await engine.clean({ dryRun: false, cache: false });
      expect(kept).toEqual([]);
      expect(leftovers()).toEqual([]);
      expect([...halfMade(sharedCache()), ...halfMade(data)]).toEqual([]);
      expect(await engine.clean({ dryRun: true, cache: false })).toEqual({ removed: [], kept: [] });
    } finally {
      await engine.close();
    }
    expect(
      execFileSync('docker', ['ps', '-aq', '--filter', `name=${bystander}`], { encoding: 'utf8' }),
    ).not.toBe('');
  },
);

test('a session that is still alive is never swept', async () => {
  const alive = openLedger(path.join(data, 'ledger'));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-alive-'));
  const strike = alive.note('folder', folder);
  const engine = testEngine(data);
  expect(await engine.clean({ dryRun: false, cache: false })).toEqual({ removed: [], kept: [] });
  await engine.close();
  expect(existsSync(folder)).toBe(true);
  rmSync(folder, { recursive: true });
  strike();
  alive.close();
});
