import { tell } from '../../../main/contract/messages';
import type { ChartSpec } from '../../../main/contract/report/report';
import type { LiveRun } from '../../state/live';
import type { Point } from '../../../main/drawing/points';

/**
 * The live memory chart: what each instance has in memory, on one axis, beside what the host has less of since the run
 * began. With `withReserved`, each limit is a flat line over the same time.
 * @param nameOf  a target's name in the reader's language
 */
export function memoryChart(
  run: LiveRun,
  withReserved: boolean,
  nameOf: (target: string) => string,
): ChartSpec {
  const endMs = Math.max(
    0,
    ...[...run.lanes.map(({ memory }) => memory), run.host.change].map(
      ({ points }) => points.at(-1)?.xMs ?? 0,
    ),
  );
  const flat = (bytes: number): Point[] => [
    { xMs: 0, y: bytes },
    { xMs: endMs, y: bytes },
  ];
  const lines = run.lanes
    .filter(({ memory }) => memory.points.length > 0)
    .map(({ workload, target, memory }) => ({
      label: `${workload} · ${nameOf(target)}`,
      target,
      points: [...memory.points],
    }));
  const reserved = [...new Set(run.lanes.map(({ reservedBytes }) => reservedBytes))].map((bytes) => ({
    label: tell('ui.live.reservedLine', { amount: { bytes } }),
    target: 'reserved',
    points: flat(bytes),
  }));
  const host = {
    label: tell('ui.live.hostLine'),
    target: 'host',
    points: [...run.host.change.points],
  };
  return {
    id: 'live-memory',
    kind: 'lines',
    unit: 'bytes',
    title: tell('ui.live.memory'),
    note: tell('ui.live.memoryNote'),
    lines: [
      ...lines,
      ...(host.points.length > 1 ? [host] : []),
      ...(withReserved && endMs > 0 ? reserved : []),
    ],
  };
}
