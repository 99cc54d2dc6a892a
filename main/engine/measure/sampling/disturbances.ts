/**
 * What keeps everything from going on while it is measured: the computer sleeps (its lid was closed), or Tare itself is stopped (SIGSTOP,
 * a debugger, a machine that is paused). The clock that all is measured by stands still in the first case and goes on in the second; both
 * leave figures that look well and mean nothing.
 */
import { readFileSync } from 'node:fs';

export interface Disturbance {
  reason: 'suspended' | 'halted';
  forMs: number;
}

/** A busy computer keeps a process waiting for a second or two; nobody who wakes it up is that quick. */
const haltedMs = 5000;
/** The kernel tells its time in hundredths of a second, and reading two clocks takes a moment. */
const sleptMs = 1000;

/** Time since the computer was started, its sleep included, in ms; undefined where there is no /proc. */
function sinceBootMs(): number | undefined {
  try {
    return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  } catch {
    return undefined;
  }
}

export class Disturbances {
  private readonly seen: (Disturbance & { untilMs: number })[] = [];
  private slept: number | undefined;

  /** @param bootMs  the clock that does not stand still in sleep */
  constructor(private readonly bootMs: () => number | undefined = sinceBootMs) {
    this.slept = this.sleptBy(performance.now());
  }

  /**
   * To be called again and again.
   * @param nowMs   performance.now()
   * @param lateMs  how long after it was due
   */
  look(nowMs: number, lateMs: number): void {
    const slept = this.sleptBy(nowMs);
    const forMs = (slept ?? 0) - (this.slept ?? slept ?? 0);
    if (forMs > sleptMs) this.seen.push({ reason: 'suspended', forMs, untilMs: nowMs });
    else if (lateMs > haltedMs) this.seen.push({ reason: 'halted', forMs: lateMs, untilMs: nowMs });
    this.slept = slept;
  }

  /** The longest of those that lasted until then, or later. */
  since(fromMs: number): Disturbance | undefined {
    const [longest] = this.seen
      .filter(({ untilMs }) => untilMs > fromMs)
      .sort((one, other) => other.forMs - one.forMs);
    return longest && { reason: longest.reason, forMs: longest.forMs };
  }

  /** How far one clock is ahead of the other: it grows by every sleep. */
  private sleptBy(nowMs: number): number | undefined {
    const bootMs = this.bootMs();
    return bootMs === undefined ? undefined : bootMs - nowMs;
  }
}
