/** Every rung that works here, interleaved: start-up, memory and stop, and where each start spends its time. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TargetId } from '../../main/contract/plan';
import type { Run, Trial } from '../../main/contract/run';
import { createEngine } from '../../main/engine/index';
import { median } from '../../main/engine/statistics/summary';
import { presets } from '../../main/engine/workloads/presets';
import { sharedCache } from '../support/cache';
import { runToEnd } from '../support/engine';
import { ownDaemon } from '../support/ownDaemon';
import { figure } from './figures';

/** TARE_BENCH_TRIALS and TARE_BENCH_TARGETS (a,b) make it shorter. */
export async function climbLadder(): Promise<void> {
  const ladder = presets.find(({ name }) => name === 'ladder')!;
  const trials = Number(process.env.TARE_BENCH_TRIALS ?? 10);
  const asked = process.env.TARE_BENCH_TARGETS?.split(',');
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-data-'));
  const crun = '/usr/bin/crun';
  const daemon = process.getuid?.() === 0 && existsSync(crun) ? await ownDaemon({ crun }) : undefined;
  const engine = createEngine({
    dataFolder,
    cacheFolder: sharedCache(),
    assetsFolder: path.resolve(import.meta.dirname, '../../assets'),
    ...(daemon && { dockerEndpoint: daemon.endpoint }),
  });
  try {
    const plan = { ...ladder, trials, soakMs: 500, ...(asked && { targets: asked, wholeLadder: false }) };
    const run = await runToEnd(engine, plan);
    if (run.failure) console.log(JSON.stringify(run.failure));
    for (const { target, failure } of run.skipped)
      console.log(`${target} left out: ${JSON.stringify(failure)}`);
    for (const target of run.plan.targets) tell(run, target);
  } finally {
    await engine.close();
    await daemon?.stop();
    rmSync(dataFolder, { recursive: true });
  }
}

function tell(run: Run, target: TargetId): void {
  const all = run.trials.filter((trial) => trial.target === target);
  const good = all.filter(({ outcome }) => outcome === 'ok');
  for (const { failure } of all.filter((trial) => trial.failure))
    console.log(target, JSON.stringify(failure));
  if (good.length === 0) return;
  const values = (read: (trial: Trial) => number | undefined) =>
    good.map(read).filter((value) => value !== undefined);
  const mebibytes = (read: (trial: Trial) => number | undefined) =>
    values(read).map((bytes) => bytes / 1024 ** 2);
  figure(
    `${target}: ready`,
    values(({ readyMs }) => readyMs),
  );
  figure(
    `${target}: host memory`,
    mebibytes(({ memory }) => memory.hostBytes),
    'MiB',
  );
  figure(
    `${target}: stop`,
    values(({ stop }) => stop?.tookMs),
  );
  const disk = mebibytes((trial) => trial.disk.vmDiskBytes);
  if (disk.length > 0) figure(`${target}: disk`, disk, 'MiB');
  const phases = good[0]!.phases.map(({ name }) => name);
  const reached = (name: string) =>
    values(({ phases: all_ }) => all_.find((phase) => phase.name === name)?.atMs);
  const upToReady = phases.slice(0, phases.indexOf('ready') + 1);
  console.log(`  ${upToReady.map((name) => `${name} ${median(reached(name)).toFixed(0)}`).join(' · ')}`);
}
