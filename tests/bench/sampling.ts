/** What watching twenty instances four times a second costs. */
import { startSampler } from '../../main/engine/sampling/sampler';
import { sleep } from '../../main/engine/signals';
import type { Instance } from '../../main/engine/targets/target';
import { builtin, startedContainers } from '../support/engine';

const watched = 20;
const watchedMs = 20_000;

const coreShare = (from: NodeJS.CpuUsage, wallMs: number): number => {
  const { user, system } = process.cpuUsage(from);
  return ((user + system) / 1000 / wallMs) * 100;
};

export async function costOfSampling(): Promise<void> {
  const { instances, end } = await startedContainers(builtin('web'), watched);
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
