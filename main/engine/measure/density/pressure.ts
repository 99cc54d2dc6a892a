/** How long work waits for a resource (pressure stall information): Linux Documentation/accounting/psi.rst. */
import { readFileSync } from 'node:fs';
import { PressureName, type Pressure } from '../../../contract/run/density';

export interface Stall {
  /** share of the last ten seconds in which some task waited, in percent */
  someAvg10: number;
  /** how long some task has waited since the system began, in ms */
  totalMs: number;
}

export type Stalls = Partial<Record<PressureName, Stall>>;

/** @param pressure  a file of /proc/pressure, whose line `some` has the total in µs; undefined where it has no such line */
export function stallOf(pressure: string): Stall | undefined {
  const [, avg10, totalUs] = /^some avg10=([\d.]+) .*total=(\d+)$/m.exec(pressure) ?? [];
  return avg10 === undefined ? undefined : { someAvg10: Number(avg10), totalMs: Number(totalUs) / 1000 };
}

/** Undefined where the kernel does not tell. */
export function stall(name: PressureName): Stall | undefined {
  try {
    return stallOf(readFileSync(`/proc/pressure/${name}`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param read  of one resource */
export const stallsBy = (read: (name: PressureName) => Stall | undefined): Stalls =>
  Object.fromEntries(
    PressureName.options.flatMap((name) => {
      const found = read(name);
      return found ? [[name, found]] : [];
    }),
  );

/** What happened between two readings; a resource that one of them lacks is absent. */
export const pressureBetween = (from: Stalls, to: Stalls): Partial<Record<PressureName, Pressure>> =>
  Object.fromEntries(
    PressureName.options.flatMap((name) => {
      const [before, now] = [from[name], to[name]];
      if (!before || !now) return [];
      return [[name, { someAvg10: now.someAvg10, stalledMs: Math.max(0, now.totalMs - before.totalMs) }]];
    }),
  );
