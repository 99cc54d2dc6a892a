import type { Environment, HostChange, HostState } from '../../../contract/run/run';

/** What was swapped out may be more or less by this much without anybody having done anything. */
const noticeableSwap = 16 * 1024 ** 2;

type Value = HostChange['to'];

const isOther = (what: keyof HostState, from: Value, to: Value): boolean =>
  what === 'swapUsedBytes' && typeof from === 'number' && typeof to === 'number'
    ? Math.abs(to - from) > noticeableSwap
    : from !== to;

/** What is another one than before. @param atMs  since the run began */
export function changesBetween(before: HostState, now: HostState, atMs: number): HostChange[] {
  const names = Object.keys({ ...before, ...now }) as (keyof HostState)[];
  return names.flatMap((what) => {
    const [from, to] = [before[what] ?? null, now[what] ?? null];
    return isOther(what, from, to) ? [{ atMs, what, from, to }] : [];
  });
}

/** Keeps in a run's environment what of the host's state changes while it is measured. */
export class ChangesSeen {
  private last: HostState | undefined;

  /** @param read  the host's state now */
  constructor(private readonly read: () => Promise<HostState>) {}

  /** To be called while none of the run's own instances is up. What cannot be read now has not changed. */
  async look(environment: Environment, atMs: number): Promise<void> {
    const now = await this.read().catch(() => undefined);
    if (!now) return;
    const before = this.last ?? startOf(environment, now);
    const changes = changesBetween(before, now, atMs);
    if (changes.length > 0) environment.changes = [...(environment.changes ?? []), ...changes];
    const swap = changes.some(({ what }) => what === 'swapUsedBytes') ? now : before;
    this.last = { ...now, ...(swap.swapUsedBytes !== undefined && { swapUsedBytes: swap.swapUsedBytes }) };
  }
}

/** Of what the environment has of the host, that which is state. */
const startOf = ({ host }: Environment, now: HostState): HostState =>
  Object.fromEntries((Object.keys(now) as (keyof HostState)[]).map((name) => [name, host[name]]));
