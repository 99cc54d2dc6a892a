/**
 * The conditions of a run that move its figures: a table, read by comparisons, which call nothing across a difference, and by histories,
 * in which a new machine begins a new segment.
 */
import { showBytes, showMs } from '../../../../contract/quantities';
import type { ComparedMetric } from '../../../../contract/metrics';
import type { Environment, Run } from '../../../../contract/run/run';
import { kindOf, type TargetId } from '../../../../contract/targets';

export type Moved = ComparedMetric['compared']['subject'];
type Kind = ReturnType<typeof kindOf>;

export interface Condition {
  /** named by a message `condition.WHAT` */
  what: string;
  /** how it reads in a run; undefined where it is not known */
  read: (run: Run) => string | number | boolean | undefined;
  /** what it moves; nothing for one that is only worth knowing */
  moves: readonly Moved[];
  /** only of targets of this kind */
  kind?: Kind;
  /** part of the machine and of what measures on it, and not of how a run was asked for */
  machine?: true;
}

const time: Moved[] = ['start-up'];
const memory: Moved[] = ['memory'];
const both: Moved[] = ['start-up', 'memory'];

const host = (
  name: keyof Environment['host'],
  moves: Moved[],
  traits: Partial<Condition> = {},
): Condition => ({
  what: `host.${name}`,
  read: ({ environment }) => environment.host[name],
  moves,
  ...traits,
});
const engine = (
  name: 'runtime' | 'where' | 'store' | 'storageDriver' | 'cgroupDriver',
  moves: Moved[],
  traits: Partial<Condition> = {},
): Condition => ({
  what: `engine.${name}`,
  read: ({ environment }) => environment.engine?.[name],
  moves,
  kind: 'container',
  ...traits,
});
const qemu = (name: 'kernel' | 'kit', traits: Partial<Condition> = {}): Condition => ({
  what: `qemu.${name}`,
  read: ({ environment }) => environment.qemu?.[name],
  moves: both,
  kind: 'vm',
  ...traits,
});
const openFiles = (which: 'openFiles' | 'openFilesHard', kind: 'container' | 'process'): Condition => ({
  what: `${which}.${kind}`,
  read: ({ environment }) => environment[which]?.[kind],
  moves: both,
  kind,
});
const machine = { machine: true } as const;

/** A machine's memory differs by a few pages from boot to boot. */
const rounded = (bytes: number | undefined): string | undefined =>
  bytes === undefined ? undefined : showBytes('en', Math.round(bytes / 2 ** 26) * 2 ** 26);

/** Bytes and durations are told as a person writes them; numbers and units are the same in every language here. */
export const conditions: readonly Condition[] = [
  host('cpu', time, machine),
  host('cores', both, machine),
  { what: 'host.memory', read: ({ environment }) => rounded(environment.host.memoryBytes), moves: [] },
  host('os', []),
  host('kernel', both, machine),
  host('governor', time),
  host('turbo', time),
  host('onBattery', time),
  host('virtualisation', time),
  host('cgroupVersion', memory, machine),
  host('hugePages', memory),
  host('hugePagesDefrag', memory),
  host('zswap', memory),
  host('ksm', memory),
  host('generations', memory),
  host('damon', memory),
  host('containers', both),
  host('machines', both),
  openFiles('openFiles', 'container'),
  openFiles('openFilesHard', 'container'),
  openFiles('openFiles', 'process'),
  openFiles('openFilesHard', 'process'),
  { what: 'host.swap', read: ({ environment }) => rounded(environment.host.swapBytes), moves: memory },
  {
    what: 'engine',
    read: ({ environment: { engine } }) => engine && `${engine.name} ${engine.version}`,
    moves: both,
    kind: 'container',
    machine: true,
  },
  engine('where', both, machine),
  {
    what: 'engine.machine',
    read: ({ environment: { engine } }) =>
      engine?.machine && `${engine.machine.kernel}, ${engine.machine.cpu}, ${engine.machine.cores}`,
    moves: both,
    kind: 'container',
    machine: true,
  },
  engine('runtime', both, machine),
  engine('store', time, machine),
  engine('storageDriver', time),
  engine('cgroupDriver', []),
  {
    what: 'qemu',
    read: ({ environment }) => environment.qemu?.version,
    moves: both,
    kind: 'vm',
    machine: true,
  },
  {
    what: 'qemu.accelerator',
    read: ({ environment }) => environment.qemu?.accelerator.toUpperCase(),
    moves: both,
    kind: 'vm',
    machine: true,
  },
  qemu('kernel', machine),
  qemu('kit'),
  { what: 'tare', read: ({ environment }) => environment.tareVersion, moves: both, machine: true },
  { what: 'otherWork', read: ({ environment }) => environment.otherWork?.length ?? 0, moves: both },
  { what: 'plan.arrangement', read: ({ plan }) => plan.arrangement, moves: both },
  { what: 'plan.cold', read: ({ plan }) => (plan.cold ? 'cold' : 'warm'), moves: both },
  { what: 'plan.soak', read: ({ plan }) => showMs('en', plan.soakMs), moves: memory },
  { what: 'plan.warmups', read: ({ plan }) => plan.warmups, moves: time },
];

/** Whether it bears on this target at all. */
export const isOf = ({ kind }: Condition, target: TargetId): boolean =>
  kind === undefined || kind === kindOf(target);

/** As it is told; undefined where it is not known. */
export const readCondition = ({ read }: Condition, run: Run): string | undefined => {
  const value = read(run);
  return value === undefined ? undefined : String(value);
};
