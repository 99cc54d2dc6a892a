/** A run on several hosts while it is under way: how far each is, and the whole. */
import type { TareEvent } from '../../../main/contract/events';
import type { HostProgress } from '../../../main/contract/fleet/progress';
import { progressTold } from '../../../main/contract/fleet/told';
import { endOfFleet, type FleetOverview } from '../../../main/contract/fleet/fleet';
import type { HostStage } from '../../../main/contract/fleet/host';
import type { Plan } from '../../../main/contract/plan';
import type { RunState } from '../../../main/contract/run/run';
import type { WorkRecord } from '../../../main/contract/work/work';
import { applyEvent, begin, emptyRun, type LiveHost, type LiveRun } from './run';

/** How the run of a host stands once that has ended. */
const ends: Partial<Record<HostStage, RunState>> = { ok: 'done', failed: 'failed', stopped: 'stopped' };

export const hasEnded = ({ stage }: Pick<HostProgress, 'stage'>): boolean =>
  stage !== undefined && ends[stage] !== undefined;

/** All of them with lanes that wait: the plan is the same everywhere, so nothing moves when one begins. */
export function beginHosts(
  live: LiveRun,
  { plan, hosts }: { plan: Plan; hosts: readonly HostProgress[] },
  nowMs: number,
): void {
  live.plan = plan;
  live.hosts = hosts.map((host) => {
    const run = emptyRun(live.id, nowMs);
    begin(run, plan, host.trials?.of ?? 0);
    run.done = host.trials?.done ?? 0;
    return withNews({ ...host, run }, host);
  });
}

/**
 * Takes up a run on several hosts that began before this page was opened: what they have measured by then comes with their records.
 * @param clock  this moment on the page's clock and since 1970, in ms
 */
export function resumedHosts(record: WorkRecord, clock: { nowMs: number; dateMs: number }): LiveRun {
  const live = emptyRun(record.run!, clock.nowMs - Math.max(0, clock.dateMs - record.id));
  const { plan } = (record as WorkRecord<'run'>).input;
  beginHosts(live, { plan, hosts: record.hosts ?? [] }, clock.nowMs);
  const { answer } = record as WorkRecord<'run'>;
  if (answer?.ok) live.state = answer.value;
  else if (answer) {
    live.state = answer.failure.code === 'stopped' ? 'stopped' : 'failed';
    live.failure = answer.failure;
  }
  return live;
}

/** A run on several hosts that another Tare makes, as its record has it: while it is under way, that has no host yet. */
export function takeFleet(
  before: LiveRun,
  fleet: FleetOverview,
  isUnderWay: boolean,
  nowMs: number,
): LiveRun {
  const ended = fleet.endedAt === undefined ? 'interrupted' : endOfFleet(fleet);
  const live: LiveRun = { ...before, state: isUnderWay ? 'running' : ended };
  if (fleet.failure) live.failure = fleet.failure;
  const hosts = fleet.hosts.map(({ name, way = 'ssh', outcome, version, failure }) => ({
    ...{ name, way, stage: outcome },
    ...(version !== undefined && { version }),
    ...(failure && { failure }),
  }));
  beginHosts(live, { plan: fleet.plan, hosts }, nowMs);
  return live;
}

/** What is told of a host that nobody knows changes nothing. */
export function takeOfHost(live: LiveRun, name: string, event: TareEvent, nowMs: number): void {
  live.hosts = live.hosts?.map((host) => {
    if (host.name !== name) return host;
    const run = { ...host.run };
    applyEvent(run, event, nowMs);
    return withNews({ ...host, run }, progressTold(event));
  });
}

function withNews(host: LiveHost, news: Partial<HostProgress> = {}): LiveHost {
  const next = { ...host, ...news };
  const end = next.stage && ends[next.stage];
  return end ? { ...next, run: { ...next.run, state: end } } : next;
}

/** How far all of them are, 0 to 1: a host that has ended is through, whatever came of it. */
export const shareDone = (hosts: readonly LiveHost[]): number =>
  hosts.reduce((sum, host) => sum + (hasEnded(host) ? 1 : shareOf(host.run)), 0) / Math.max(1, hosts.length);

const shareOf = ({ done, of }: LiveRun): number => (of > 0 ? Math.min(1, done / of) : 0);

/** Until the last of them is through, in ms; undefined while it is not known of each. */
export function allLeftMs(hosts: readonly LiveHost[], nowMs: number): number | undefined {
  let mostMs = 0;
  for (const host of hosts) {
    if (hasEnded(host)) continue;
    const leftMs = hostLeftMs(host, nowMs);
    if (leftMs === undefined) return undefined;
    mostMs = Math.max(mostMs, leftMs);
  }
  return mostMs;
}

/** By the turns that the host has made itself: how long another computer takes says nothing of it. */
export const hostLeftMs = ({ trials, run }: LiveHost, nowMs: number): number | undefined =>
  trials ? run.left?.leftMs(nowMs - run.originMs) : undefined;
