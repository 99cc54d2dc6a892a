/**
 * Experiments whose answer is known beforehand, on the real daemons: what Tare says of them tells how far it can be
 * believed elsewhere. Each line ends with what it had to be.
 */
import type { PlanInput } from '../../../main/contract/plan';
import type { TargetId } from '../../../main/contract/targets';
import type { Run } from '../../../main/contract/run/run';
import { pairedRatio, unpairedDifference } from '../../../main/engine/results/statistics/contrast';
import { fitLine } from '../../../main/engine/results/statistics/regression';
import { builtin, runToEnd, testEngine } from '../../support/engine';
import { judgeAlone } from '../../support/statistics/judgeAlone';

const targets: TargetId[] = ['container', 'vm:direct'];
const sizesMb = [64, 128, 256, 512];
const megabyte = 1_000_000;

type Metric = 'readyMs' | 'hostBytes' | 'cpuMs';

function line(name: string, value: string, must: string, holds: boolean): void {
  console.log(`${holds ? '✓' : '✗'} ${name.padEnd(52)} ${value.padEnd(34)} must be ${must}`);
}

const named = (name: string, workload: PlanInput['workloads'][number]) => ({ ...workload, name });
const worker = (name: string, environment: Record<string, string>, memoryMebibytes = 1024) =>
  named(name, builtin('worker', memoryMebibytes, environment));

async function measured(plan: Omit<PlanInput, 'name' | 'targets'> & { targets?: TargetId[] }): Promise<Run> {
  const engine = testEngine();
  try {
    const run = await runToEnd(engine, { name: 'truth', targets, ...plan });
    const failed = run.failure ?? run.trials.find(({ failure }) => failure)?.failure;
    if (failed) throw new Error(JSON.stringify(failed));
    return run;
  } finally {
    await engine.close();
  }
}

function valuesOf(run: Run, workload: string, target: string, metric: Metric): number[] {
  const values = run.trials
    .filter((trial) => trial.workload === workload && trial.target === target)
    .map((trial) => (metric === 'hostBytes' ? trial.memory.hostBytes : trial[metric]));
  if (values.length === 0 || values.includes(undefined))
    throw new Error(`${workload} ${target}: no ${metric}`);
  return values as number[];
}

const within = ({ low, high }: { low: number; high: number }, show: (value: number) => string): string =>
  `(${show(low)} to ${show(high)})`;

/** Memory: a worker that holds so many megabytes, no more and no less, costs the host just as many more. */
async function memorySlope(): Promise<void> {
  const workloads = sizesMb.map((size) => worker(`hold-${size}`, { HOLD_MB: String(size) }));
  const run = await measured({ workloads, trials: 3, warmups: 0, soakMs: 500 });
  for (const target of targets) {
    const points = sizesMb.flatMap((size) =>
      valuesOf(run, `hold-${size}`, target, 'hostBytes').map((y) => ({ x: size * megabyte, y })),
    );
    const { slope, intercept } = fitLine(points);
    const show = (value: number) => value.toFixed(4);
    line(
      `${target}: host bytes per byte held, n=${points.length}`,
      `${show(slope.value)} ${within(slope.interval!, show)}`,
      '1.00 ± 0.05',
      Math.abs(slope.value - 1) <= 0.05,
    );
    console.log(`  ${target}: with nothing held ${(intercept.value / 1024 ** 2).toFixed(1)} MiB`);
  }
}

/** Start-up: half a second of sleep before listening is found as half a second. */
async function sleepFound(trials = 12): Promise<void> {
  const workloads = [
    worker('prompt', { HOLD_MB: '0' }, 256),
    worker('sleeper', { HOLD_MB: '0', SLEEP_MS: '500' }, 256),
  ];
  for (const target of targets) {
    const run = await measured({ workloads, targets: [target], trials, soakMs: 0 });
    const [prompt, sleeper] = ['prompt', 'sleeper'].map((name) => valuesOf(run, name, target, 'readyMs'));
    const { value, interval } = unpairedDifference(prompt!, sleeper!);
    const show = (ms: number) => ms.toFixed(0);
    line(
      `${target}: later by, in ms, n=${trials} a side`,
      `${show(value)} ${within(interval!, show)}`,
      '500 ± 30',
      Math.abs(value - 500) <= 30,
    );
  }
}

/**
 * Spins until the kernel has booked one second of CPU time on the shell itself (fields 14 and 15 of its stat, in ticks
 * of 10 ms), then serves: however busy the machine is, one second of CPU time is what it costs.
 */
const busySecond = [
  'while read -r stat </proc/self/stat; set -- $stat; [ $((${14} + ${15})) -lt 100 ]; do :; done',
  'exec /bin/busybox httpd -f -p 8080 -h /www',
].join('\n');

async function cpuTime(): Promise<void> {
  const command = ['/bin/busybox', 'sh', '-c', busySecond];
  const workloads = [worker('idle', { HOLD_MB: '0' }, 256), { ...worker('busy', {}, 256), command }];
  const run = await measured({ workloads, targets: ['container'], trials: 5, soakMs: 0 });
  const [idle, busy] = ['idle', 'busy'].map((name) => valuesOf(run, name, 'container', 'cpuMs'));
  const { value, interval } = unpairedDifference(idle!, busy!);
  const show = (ms: number) => (ms / 1000).toFixed(3);
  line(
    'container: CPU seconds of a busy second, n=5 a side',
    `${show(value)} ${within(interval!, show)}`,
    '1.0 ± 0.1',
    Math.abs(value - 1000) <= 100,
  );
}

/** Two names for the same thing must not be told apart, in time or in memory. */
async function identical(trials = 10): Promise<void> {
  for (const target of targets) {
    const workloads = [named('one', builtin('web', 128)), named('other', builtin('web', 128))];
    const run = await measured({ workloads, targets: [target], trials, soakMs: 200 });
    for (const metric of ['readyMs', 'hostBytes'] as const) {
      const [one, other] = ['one', 'other'].map((name) => valuesOf(run, name, target, metric));
      const ratio = pairedRatio(one!.map((value, round) => [value, other![round]!]));
      const { judgement } = judgeAlone(ratio);
      const show = (value: number) => value.toFixed(3);
      line(
        `${target}: ${metric} of the same, n=${trials} a side`,
        `${judgement}, ${show(ratio.value)} ${within(ratio.interval!, show)}`,
        'not different',
        judgement !== 'differs',
      );
    }
  }
}

export const truths: Record<string, () => Promise<void>> = {
  'truth-memory': memorySlope,
  'truth-sleep': () => sleepFound(),
  'truth-cpu': cpuTime,
  'truth-identical': () => identical(),
};
