/**
 * Whether own memory is what instances take: k of them against what the host can give less, one alone and beside strangers, and the
 * same application as a process and as a container. On a machine that does other things, what the host can give moves by itself.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { serviceNames, type PlanInput, type ServiceName } from '../../../main/contract/plan';
import type { Run, Trial } from '../../../main/contract/run/run';
import type { TargetId } from '../../../main/contract/targets';
import { freePort } from '../../../main/engine/base/process/ports';
import { median } from '../../../main/engine/results/statistics/summary';
import { builtin, runToEnd, testEngine } from '../../support/engine';
import { docker } from '../../support/images';
import { removeWithImages, serviceOnFreePort } from '../../support/services';

const mebibyte = 1024 ** 2;
/** `TRUTH_TARGETS`, `TRUTH_COUNTS`: some of them only, since machines take minutes where they are emulated */
const { TRUTH_TARGETS = 'process,container,vm:direct,vm:micro', TRUTH_COUNTS = '1,2,4,8' } = process.env;
const targets = TRUTH_TARGETS.split(',');
const trials = 3;
const counts = TRUTH_COUNTS.split(',').map(Number);
const show = (bytes: number): string => (bytes / mebibyte).toFixed(1);

type Workload = PlanInput['workloads'][number];

/** Makes one of several at once. @param folder  for what its image is built from, if it needs any */
type Application = (name: string, folder: string) => Promise<Workload>;

/** The built-in web server, on a port that nobody has: processes share the computer's own. */
async function application(name: string): Promise<Workload> {
  const port = await freePort();
  const command = ['/bin/busybox', 'httpd', '-f', '-p', String(port), '-h', '/www'];
  return { ...builtin('web', 128), name, command, port };
}

async function measured(plan: Omit<PlanInput, 'name'>): Promise<Run> {
  const engine = testEngine();
  try {
    return await runToEnd(engine, { name: 'own memory', warmups: 0, ...plan }, { anyway: true });
  } finally {
    await engine.close();
  }
}

const own = ({ memory }: Trial): number => {
  if (memory.hostBytes === undefined) throw new Error(`no own memory: ${JSON.stringify(memory.missing)}`);
  return memory.hostBytes;
};
const of = (run: Run, target: TargetId): Trial[] =>
  run.trials.filter((trial) => trial.target === target && trial.outcome === 'ok');

/** A service of the preset, one of several at once. */
async function service(kind: ServiceName, name: string, folder: string): Promise<Workload> {
  return { ...(await serviceOnFreePort(kind, folder)), name };
}

/** k of the same, all up: their own memory and the engine's growth against what the host can give less. */
async function ofTheHost(make: Application, folder: string): Promise<void> {
  console.log('MiB: k × own · the engine grew by · the host can give less by · missed by (median of rounds)');
  for (const k of counts) {
    const workloads: Workload[] = [];
    for (let at = 1; at <= k; at += 1) workloads.push(await make(`copy-${at}`, folder));
    const run = await measured({ workloads, targets, arrangement: 'together', trials, soakMs: 1000 });
    if (run.failure) console.log(`  k=${k}: ${JSON.stringify(run.failure)}`);
    for (const target of targets) {
      const rounds = run.rounds
        .filter((round) => round.target === target)
        .flatMap((round) => {
          const up = of(run, target).filter(({ index }) => index === round.index);
          if (up.length < k || round.hostChangeBytes === undefined) return [];
          const taken = up.reduce((sum, trial) => sum + own(trial), 0);
          const engine = target === 'container' ? (round.engineChangeBytes ?? 0) : 0;
          return [
            { taken, engine, host: round.hostChangeBytes, missed: taken + engine - round.hostChangeBytes },
          ];
        });
      if (rounds.length === 0) {
        console.log(`  k=${k} ${target}: no full round`);
        continue;
      }
      const middle = (name: keyof (typeof rounds)[number]) => median(rounds.map((one) => one[name]));
      const missed = middle('missed');
      const isWithin = Math.abs(missed) <= Math.max(0.05 * middle('host'), 3 * mebibyte);
      console.log(
        `${isWithin ? '✓' : '✗'} k=${k} ${target.padEnd(10)} ${show(middle('taken'))} · ${show(middle('engine'))} · ${show(middle('host'))} · ${show(missed)}`,
      );
    }
  }
}

/** The same container alone and beside 8 others. */
async function besideStrangers(): Promise<void> {
  const workloads = [await application('web')];
  const weigh = async () => {
    const run = await measured({ workloads, targets: ['container'], trials, soakMs: 500 });
    return { run, bytes: median(of(run, 'container').map(own)) };
  };
  const alone = await weigh();
  const image = alone.run.environment.images[0]!.reference;
  const strangers = await Promise.all(Array.from({ length: 8 }, () => docker('run', '--detach', image)));
  try {
    const beside = (await weigh()).bytes;
    const off = Math.abs(beside / alone.bytes - 1);
    console.log(
      `${off <= 0.03 ? '✓' : '✗'} container alone ${show(alone.bytes)}, beside 8 others ${show(beside)} MiB: ${(off * 100).toFixed(1)} % apart, must be ≤ 3 %`,
    );
  } finally {
    await promisify(execFile)('docker', ['rm', '--force', ...strangers]);
  }
}

/** The same application as a process and as a container, whose shim and proxies come on top. */
async function acrossRungs(make: Application, folder: string): Promise<void> {
  const workloads = [await make('application', folder)];
  const run = await measured({ workloads, targets: ['process', 'container'], trials, soakMs: 500 });
  const process = median(of(run, 'process').map(own));
  const part = (name: string) =>
    median(
      of(run, 'container').map(({ memory }) => memory.parts.find((one) => one.part === name)?.bytes ?? 0),
    );
  const [workload, shim, proxies] = [part('workload'), part('shim'), part('proxies')];
  console.log(
    `  process ${show(process)} MiB; container: application ${show(workload)}, shim ${show(shim)}, proxies ${show(proxies)} MiB; application against process ${(workload / process).toFixed(2)}`,
  );
}

const applications: Record<string, Application> = {
  web: application,
  ...Object.fromEntries(
    serviceNames.map(
      (kind) => [kind, (name, folder) => service(kind, name, folder)] as [string, Application],
    ),
  ),
};

/** One part of the bench for each application. */
const forEach = (part: string, body: (make: Application, folder: string) => Promise<void>) =>
  Object.fromEntries(
    Object.entries(applications).map(([name, make]) => [
      `${part}-${name}`,
      async () => {
        const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-truth-'));
        try {
          await body(make, folder);
        } finally {
          await removeWithImages(folder);
        }
      },
    ]),
  );

export const ownMemoryTruths: Record<string, () => Promise<void>> = {
  ...forEach('truth-host', ofTheHost),
  'truth-strangers': () => besideStrangers(),
  ...forEach('truth-rungs', acrossRungs),
};
