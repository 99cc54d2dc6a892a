/** What watching twenty instances four times a second costs, and how late samples are with many more up. */
import { startSampler } from '../../main/engine/measure/sampling/sampler';
import { sleep } from '../../main/engine/base/signals';
import type { Instance } from '../../main/engine/measure/targets/target';
import { ascending, quantile } from '../../main/engine/results/statistics/summary';
import { builtin, startedInstances } from '../support/engine';

const watched = 20;
const watchedMs = 20_000;

const coreShare = (from: NodeJS.CpuUsage, wallMs: number): number => {
  const { user, system } = process.cpuUsage(from);
  return ((user + system) / 1000 / wallMs) * 100;
};

export async function costOfSampling(): Promise<void> {
  const { instances, end } = await startedInstances(builtin('web'), watched);
  try {
    const idle = process.cpuUsage();
    await sleep(watchedMs);
    const idleShare = coreShare(idle, watchedMs);
    const busy = process.cpuUsage();
    let ticks = 0;
    const sampler = startSampler({ periodMs: 250, originMs: performance.now(), take: () => (ticks += 1) });
    instances.forEach((instance: Instance, index) => sampler.add(`${index}`, instance));
    await sleep(watchedMs);
    await sampler.stop();
    const share = coreShare(busy, watchedMs);
    console.log(`${watched} containers at 4 Hz for ${watchedMs / 1000} s: ${ticks} ticks`);
    console.log(`${'CPU of this process while sampling'.padEnd(52)} ${share.toFixed(2)} % of one core`);
    console.log(`${'the same process without the sampler'.padEnd(52)} ${idleShare.toFixed(2)} % of one core`);
    console.log(
      `${'what the sampler says of itself (at most)'.padEnd(52)} ${(sampler.ownLoad() * 100).toFixed(2)} %`,
    );
  } finally {
    await end();
  }
}

/** A hundred containers and thirty small machines, started one after the other while the sampler ticks. */
export async function latenessOfMany(containers = 100, machines = 30): Promise<void> {
  const lateMs: number[] = [];
  const sampler = startSampler({
    periodMs: 250,
    originMs: performance.now(),
    take: ([host]) => host?.kind === 'host' && lateMs.push(host.lateMs),
  });
  const report = (when: string) => {
    const sorted = ascending(lateMs.splice(0));
    const [p99, most] = [quantile(sorted, 0.99), sorted.at(-1)!];
    console.log(
      `${`samples late by, ${when}`.padEnd(52)} p99 ${p99.toFixed(1)} ms, at most ${most.toFixed(1)} ms  (n=${sorted.length}; p99 must be 50 or less)`,
    );
  };
  let up = 0;
  const add = (instance: Instance) => sampler.add(`${(up += 1)}`, instance);
  const ends: (() => Promise<void>)[] = [];
  try {
    ends.push((await startedInstances(builtin('web', 64), containers, 'container', add)).end);
    ends.push((await startedInstances(builtin('web', 128), machines, 'vm:micro', add)).end);
    report(`while ${containers} containers and ${machines} VMs start`);
    const busy = process.cpuUsage();
    await sleep(watchedMs);
    report('while all are up');
    console.log(
      `${'CPU of this process meanwhile'.padEnd(52)} ${coreShare(busy, watchedMs).toFixed(2)} % of one core`,
    );
  } finally {
    await sampler.stop();
    for (const end of ends) await end();
  }
}
