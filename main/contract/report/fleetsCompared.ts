/** How a run on several hosts stands against another one: host by host, and then over hosts. */
import type { RunId } from '../run/run';
import type { TargetId } from '../targets';
import type { MetricComparison } from './comparison';
import type { Pooled } from './fleet';
import type { ChartSpec, Interval, Outcome, Table, Verdict } from './report';

/** One of the two, as far as a reader needs to know it. */
export interface ComparedFleet {
  id: RunId;
  name: string;
  startedAt: string;
  /** those that gave a run */
  hosts: number;
}

/** One metric of one workload on one target, on each host that both runs have. */
export interface HostsChange {
  workload: string;
  target: TargetId;
  metric: MetricComparison['metric'];
  /** the target was emulated on some host: its times are not the speed of VMs */
  emulated?: true;
  hosts: {
    host: string;
    /** medians, in bytes or ms */
    base: number;
    other: number;
    /** other ∕ base */
    ratio: number;
    /** 95 %, with what varies within a run alone */
    interval?: Interval;
    /** conditions for which the host is not pooled: they differ between its two runs */
    because?: string[];
  }[];
  /** from three hosts on: what varies between two runs of a host is in its interval, as each host is a pair of runs */
  pooled?: Pooled;
  outcome: Outcome;
}

export interface FleetsCompared {
  schemaVersion: 2;
  base: ComparedFleet;
  other: ComparedFleet;
  /** smallest change worth telling: 0.05 is 5 % */
  minimumEffect: number;
  changes: HostsChange[];
  /** hosts that are in one of them only, or gave no run in one */
  leftOut: { host: string; why: 'only-in-base' | 'only-in-other' }[];
  /** true when any metric is `more` */
  regression: boolean;
  verdicts: Verdict[];
  /** of each metric, in their order: a row per target */
  charts: ChartSpec[];
  tables: Table[];
}
