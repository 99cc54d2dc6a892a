/** What was not the same for two runs: it may explain what the numbers seem to say. */
import type { Difference } from '../../../contract/report/comparison';
import type { Workload } from '../../../contract/plan';
import { showBytes, showMs } from '../../../contract/quantities';
import type { Environment, Run } from '../../../contract/run/run';

type Value = string | undefined;
/** One thing that is compared: its name, and how it reads in a run. */
type Trait = [what: string, read: (run: Run) => string | number | boolean | undefined];

const host = (name: keyof Environment['host']): Trait => [
  `host.${name}`,
  ({ environment }) => environment.host[name],
];

/** Bytes and durations are told as a person writes them; numbers and units are the same in every language here. */
const conditions: Trait[] = [
  host('cpu'),
  host('cores'),
  ['host.memory', ({ environment }) => rounded(environment.host.memoryBytes)],
  host('os'),
  host('kernel'),
  host('governor'),
  host('virtualisation'),
  host('cgroupVersion'),
  host('ksm'),
  ['host.swap', ({ environment }) => rounded(environment.host.swapBytes)],
  ['engine', ({ environment: { engine } }) => engine && `${engine.name} ${engine.version}`],
  ['engine.runtime', ({ environment }) => environment.engine?.runtime],
  ['engine.storageDriver', ({ environment }) => environment.engine?.storageDriver],
  ['engine.cgroupDriver', ({ environment }) => environment.engine?.cgroupDriver],
  ['qemu', ({ environment }) => environment.qemu?.version],
  ['qemu.accelerator', ({ environment }) => environment.qemu?.accelerator.toUpperCase()],
  ['qemu.kernel', ({ environment }) => environment.qemu?.kernel],
  ['qemu.kit', ({ environment }) => environment.qemu?.kit],
  ['tare', ({ environment }) => environment.tareVersion],
  ['otherWork', ({ environment }) => environment.otherWork?.length ?? 0],
  ['plan.arrangement', ({ plan }) => plan.arrangement],
  ['plan.soak', ({ plan }) => showMs('en', plan.soakMs)],
  ['plan.warmups', ({ plan }) => plan.warmups],
];

/** A machine's memory differs by a few pages from boot to boot. */
const rounded = (bytes: number | undefined): Value =>
  bytes === undefined ? undefined : showBytes('en', Math.round(bytes / 2 ** 26) * 2 ** 26);

const planned: [what: string, kind: Difference['kind'], read: (workload: Workload) => Value][] = [
  ['workload.memory', 'conditions', ({ limits }) => showBytes('en', limits.memoryBytes)],
  ['workload.cpus', 'conditions', ({ limits }) => String(limits.cpus)],
  ['workload.probe', 'conditions', ({ probe }) => JSON.stringify(probe)],
  ['workload.command', 'subject', ({ command }) => command?.join(' ') ?? ''],
  ['workload.environment', 'subject', ({ environment }) => JSON.stringify(sorted(environment))],
];

const sorted = (record: Record<string, string>): [string, string][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** Conditions first, then what was changed on purpose; only of workloads that both runs have. */
export function differencesOf(base: Run, other: Run): Difference[] {
  const common = base.plan.workloads.flatMap((workload) => {
    const match = other.plan.workloads.find(({ name }) => name === workload.name);
    return match ? [[workload, match] as const] : [];
  });
  const found = [
    ...conditions.flatMap(([what, read]) =>
      difference('conditions', what, text(read(base)), text(read(other))),
    ),
    ...common.flatMap(([one, two]) =>
      planned.flatMap(([what, kind, read]) => difference(kind, what, read(one), read(two), one.name)),
    ),
    ...common.flatMap(([{ name }]) =>
      difference('subject', 'image', digestOf(base, name), digestOf(other, name), name),
    ),
  ];
  return found.sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'conditions' ? -1 : 1));
}

const text = (value: string | number | boolean | undefined): Value =>
  value === undefined ? undefined : String(value);

const digestOf = ({ environment }: Run, workload: string): Value =>
  environment.images.find((image) => image.workload === workload)?.digest;

const difference = (
  kind: Difference['kind'],
  what: string,
  base: Value,
  other: Value,
  of?: string,
): Difference[] =>
  base === other
    ? []
    : [{ kind, what, ...(of !== undefined && { of }), base: base ?? null, other: other ?? null }];
