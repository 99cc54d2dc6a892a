/** The smallest memory with which a VM still serves the built-in page, and what it takes of the host then. */
import type { TargetId } from '../../main/contract/targets';
import type { Trial } from '../../main/contract/run/run';
import { median } from '../../main/engine/results/statistics/summary';
import { builtin, runToEnd, testEngine } from '../support/engine';
import { figure } from './figures';

const mebibyte = 1024 ** 2;
const sizes: [TargetId, number[]][] = [
  ['vm:micro', [64, 48, 40, 36, 32]],
  ['vm:direct', [128, 112, 96, 80, 72, 64]],
];

export async function findSmallest(): Promise<void> {
  const engine = testEngine();
  const serve = async (target: TargetId, mebibytes: number, trials: number): Promise<Trial[]> => {
    const { trials: all } = await runToEnd(engine, {
      name: 'bench',
      workloads: [{ ...builtin('web'), limits: { memoryBytes: mebibytes * mebibyte } }],
      targets: [target],
      ...{ trials, warmups: 0, soakMs: 500, coolDownMs: 200, timeoutMs: 20_000 },
    });
    return all.filter(({ outcome }) => outcome === 'ok');
  };
  const taken = new Map<TargetId, number>();
  for (const [target, candidates] of sizes) {
    let smallest: number | undefined;
    for (const size of candidates) {
      if ((await serve(target, size, 1)).length === 0) break;
      smallest = size;
    }
    if (smallest === undefined) continue;
    const good = await serve(target, smallest, 5);
    const bytes = good.flatMap(({ memory }) => memory.hostBytes ?? []);
    if (bytes.length === 0) continue;
    taken.set(target, median(bytes));
    figure(
      `${target}: host memory at its smallest, ${smallest} MiB`,
      bytes.map((one) => one / mebibyte),
      'MiB',
    );
    const { parts, inside = [] } = good[0]!.memory;
    console.log(
      `  ${[...parts, ...inside].map(({ part, bytes: size }) => `${part} ${(size / mebibyte).toFixed(1)}`).join(' · ')}`,
    );
  }
  const [micro, direct] = [taken.get('vm:micro'), taken.get('vm:direct')];
  if (micro !== undefined && direct !== undefined)
    console.log(`${'vm:direct / vm:micro, each at its smallest'.padEnd(52)} ${(direct / micro).toFixed(2)}`);
  await engine.close();
}
