import type { Cell, Message, Table, Unit } from '../../contract/report/report';
import { partNames, type Run, type Trial } from '../../contract/run/run';
import {
  groupsOf,
  hostBytes,
  medianCell,
  plainCell,
  ratioCell,
  readyMs,
  valuesOf,
  type Group,
  type Reading,
} from './groups';

export const key = (name: string, facts: Message['facts'] = {}): Message => ({ key: name, facts });

type Column = Table['columns'][number];
export const column = (id: string, unit: Unit, title = `column.${id}`): Column => ({
  id,
  title: key(title),
  unit,
});

const workload = column('workload', 'text');
const target = column('target', 'text');
const n = column('n', 'count');

export const rowHead = (group: Group): Cell[] => [{ value: group.workload }, { value: group.target }];
export const table = (id: string, columns: Column[], rows: Cell[][], note?: Message): Table => ({
  id,
  title: key(`table.${id}`),
  columns,
  rows,
  ...(note && { note }),
});

/** How soon each workload answers on each target, and how that compares with a container. */
export function startUpTable(run: Run): Table {
  const groups = groupsOf(run);
  const rows = groups.map((group) => {
    const ready = medianCell(valuesOf(group.trials, readyMs), run.plan.seed);
    return [
      ...rowHead(group),
      acceleratorCell(group),
      { value: ready.n ?? 0 },
      ready,
      ratioCell(run, groups, group, readyMs),
      coldCell(run, group),
    ];
  });
  const columns = [
    workload,
    target,
    column('accelerator', 'text'),
    n,
    column('readyMs', 'ms'),
    column('ratio', 'times'),
    column('coldMs', 'ms'),
  ];
  if (rows.some((row) => row.at(-1)!.value !== null))
    return table('start-up', columns, rows, key('table.start-up.note'));
  return table(
    'start-up',
    columns.slice(0, -1),
    rows.map((row) => row.slice(0, -1)),
  );
}

/** The very first start, which paid for caches that the counted ones found filled: told beside them, never among them. */
function coldCell({ warmups }: Run, { workload, target }: Group): Cell {
  const first = warmups
    .filter((one) => one.workload === workload && one.target === target && one.readyMs !== undefined)
    .sort((a, b) => a.index - b.index)[0];
  return { value: first?.readyMs ?? null };
}

/** More than one means that the accelerator changed during the run: both are told. */
function acceleratorCell(group: Group): Cell {
  const names = [...new Set(group.trials.flatMap(({ accelerator }) => accelerator ?? []))];
  return { value: names.length > 0 ? names.join(', ') : null };
}

/** Reserved and used, always both. */
export function memoryTable(run: Run): Table {
  const groups = groupsOf(run);
  const ballooned = groups.some(({ trials }) => trials.some(({ memory }) => memory.balloonUsedBytes));
  const reserved = (name: string): number =>
    run.plan.workloads.find((planned) => planned.name === name)!.limits.memoryBytes;
  const rows = groups.map((group) => {
    const median = (read: Reading) => plainCell(valuesOf(group.trials, read));
    const host = medianCell(valuesOf(group.trials, hostBytes), run.plan.seed);
    return [
      ...rowHead(group),
      { value: host.n ?? 0 },
      group.trials.length > 0
        ? median(({ memory }) => memory.reservedBytes)
        : { value: group.target === 'process' ? null : reserved(group.workload) },
      host,
      median(({ memory }) => memory.pssBytes),
      median(({ memory }) => memory.workingSetBytes),
      median(({ memory }) => memory.guestUsedBytes),
      ...(ballooned ? [median(({ memory }) => memory.balloonUsedBytes)] : []),
      ratioCell(run, groups, group, hostBytes),
    ];
  });
  const columns = [
    workload,
    target,
    n,
    column('reservedBytes', 'bytes'),
    column('hostBytes', 'bytes'),
    column('pssBytes', 'bytes'),
    column('workingSetBytes', 'bytes'),
    column('guestUsedBytes', 'bytes'),
    ...(ballooned ? [column('balloonUsedBytes', 'bytes')] : []),
    column('ratio', 'times'),
  ];
  return table('memory', columns, rows);
}

export const partBytes =
  (part: (typeof partNames)[number]): Reading =>
  (trial) =>
    trial.memory.parts.find((one) => one.part === part)?.bytes;

/** The parts that occur in a run, in the contract's order. */
export const partsOf = (trials: readonly Trial[]): (typeof partNames)[number][] =>
  partNames.filter((part) => trials.some((trial) => partBytes(part)(trial) !== undefined));

/** Host memory by part, each part's own median. */
export function partsTable(run: Run): Table {
  const groups = groupsOf(run);
  const parts = partsOf(groups.flatMap((group) => group.trials));
  const rows = groups.map((group) => [
    ...rowHead(group),
    ...parts.map((part) => plainCell(valuesOf(group.trials, partBytes(part)))),
  ]);
  return table(
    'parts',
    [workload, target, ...parts.map((part) => column(`part.${part}`, 'bytes', `part.${part}`))],
    rows,
  );
}

/** A phase of a group: when it is reached, as the median over the trials that reached it. */
interface PhaseMedian {
  name: string;
  at: Cell & { value: number };
  /** since the phase before it in the same trial */
  took: Cell;
}

/** The phases of a group in the order in which they are reached. */
function phaseMedians(group: Group): PhaseMedian[] {
  const seen = new Map<string, { atMs: number[]; tookMs: number[] }>();
  for (const { phases } of group.trials) {
    phases.forEach(({ name, atMs }, position) => {
      const known = seen.get(name) ?? { atMs: [], tookMs: [] };
      seen.set(name, known);
      known.atMs.push(atMs);
      const before = phases[position - 1];
      if (before) known.tookMs.push(atMs - before.atMs);
    });
  }
  return [...seen]
    .map(([name, { atMs, tookMs }]) => ({
      name,
      at: plainCell(atMs) as PhaseMedian['at'],
      took: plainCell(tookMs),
    }))
    .sort((a, b) => a.at.value - b.at.value);
}

/** Up to the first good answer: what comes after is the plan's soak and the stop. */
export function phasesUpToReady(group: Group): PhaseMedian[] {
  const phases = phaseMedians(group);
  return phases.slice(0, phases.findIndex(({ name }) => name === 'ready') + 1);
}

export function phasesTable(run: Run): Table {
  const rows = groupsOf(run).flatMap((group) =>
    phasesUpToReady(group)
      .filter(({ name }) => name !== 'start') // by definition 0
      .map(({ name, at, took }) => [...rowHead(group), { value: name }, { value: at.n ?? 0 }, took, at]),
  );
  const columns = [
    workload,
    target,
    column('phase', 'text'),
    n,
    column('tookMs', 'ms'),
    column('atMs', 'ms'),
  ];
  return table('phases', columns, rows);
}

/** How far a trial came by itself: what its end added says nothing about it. */
const lastReached = ({ phases }: Run['trials'][number]): string | undefined =>
  phases.filter(({ name }) => name !== 'stopping' && name !== 'stopped').at(-1)?.name;

/** Trials that do not count, each with the reason. */
export function failuresTable(run: Run): Table {
  const rows = run.trials
    .filter(({ outcome }) => outcome !== 'ok')
    .map((trial) => [
      { value: trial.workload },
      { value: trial.target },
      { value: trial.index < 0 ? null : trial.index }, // a warm-up belongs to no round
      { value: trial.outcome },
      { value: trial.failure?.code ?? null },
      { value: lastReached(trial) ?? null },
    ]);
  const columns = [
    workload,
    target,
    column('round', 'count'),
    column('outcome', 'text'),
    column('code', 'text'),
    column('phase', 'text', 'column.lastPhase'),
  ];
  return table('failures', columns, rows);
}
