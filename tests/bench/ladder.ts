/**
 * Every way that works here, and the same starts by hand, in turns within one run: start-up, memory and stop, and where each start
 * spends its time.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TargetId } from '../../main/contract/targets';
import type { Run, Trial } from '../../main/contract/run/run';
import { createEngine } from '../../main/engine/index';
import { median } from '../../main/engine/results/statistics/summary';
import { presets } from '../../main/engine/measure/workloads/presets';
import { sharedCache } from '../support/cache';
import { runToEnd } from '../support/engine';
import { ownDaemon } from '../support/engines/ownDaemon';
import { byHand } from './byHand';
import { figure } from './figures';

type Starts = Map<TargetId, number[]>;

/** TARE_BENCH_TRIALS and TARE_BENCH_TARGETS (a,b) make it shorter. */
export async function climbLadder(): Promise<void> {
  const ladder = presets.find(({ name }) => name === 'ladder')!;
  const rounds = Number(process.env.TARE_BENCH_TRIALS ?? 10);
  const asked = process.env.TARE_BENCH_TARGETS?.split(',');
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-data-'));
  const crun = '/usr/bin/crun';
  const daemon =
    process.getuid?.() === 0 && existsSync(crun) ? await ownDaemon({ crun: { path: crun } }) : undefined;
  const engine = createEngine({
    dataFolder,
    cacheFolder: sharedCache(),
    assetsFolder: path.resolve(import.meta.dirname, '../../assets'),
    ...(daemon && { dockerEndpoint: daemon.endpoint }),
  });
  try {
    const plan = { ...ladder, trials: 1, soakMs: 500, ...(asked && { targets: asked, wholeLadder: false }) };
    const runs: Run[] = [];
    const hands: Starts = new Map();
    for (let round = 0; round < rounds; round += 1) {
      const ourTurn = async () => {
        const run = await runToEnd(engine, { ...plan, warmups: round === 0 ? 1 : 0, seed: round + 1 });
        if (run.failure) throw new Error(JSON.stringify(run.failure));
        runs.push(run);
      };
      const theirTurn = () => startAll(runs.at(-1)!, daemon?.endpoint, hands);
      // the lines to be run by hand are known after the first run only
      for (const turn of round % 2 === 0 ? [ourTurn, theirTurn] : [theirTurn, ourTurn]) await turn();
    }
    for (const { target, failure } of runs[0]!.skipped)
      console.log(`${target} left out: ${JSON.stringify(failure)}`);
    for (const target of runs[0]!.plan.targets) tell(runs, target, hands.get(target) ?? []);
  } finally {
    await engine.close();
    await daemon?.stop();
    rmSync(dataFolder, { recursive: true });
  }
}

async function startAll({ environment }: Run, docker: string | undefined, hands: Starts): Promise<void> {
  for (const { target, line } of environment.commands) {
    const tookMs = await byHand(target, line, docker === undefined ? {} : { DOCKER_HOST: docker });
    hands.set(target, [...(hands.get(target) ?? []), tookMs]);
  }
}

function tell(runs: Run[], target: TargetId, hands: number[]): void {
  const all = runs.flatMap(({ trials }) => trials).filter((trial) => trial.target === target);
  const good = all.filter(({ outcome }) => outcome === 'ok');
  for (const { failure } of all.filter((trial) => trial.failure))
    console.log(target, JSON.stringify(failure));
  if (good.length === 0) return;
  const values = (read: (trial: Trial) => number | undefined) =>
    good.map(read).filter((value) => value !== undefined);
  const mebibytes = (read: (trial: Trial) => number | undefined) =>
    values(read).map((bytes) => bytes / 1024 ** 2);
  const ready = values(({ readyMs }) => readyMs);
  figure(`${target}: ready`, ready);
  figure(`${target}: the same start by hand`, hands);
  console.log(
    `${`${target}: ratio of the medians, Tare / by hand`.padEnd(52)} ${(median(ready) / median(hands)).toFixed(3)}`,
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
