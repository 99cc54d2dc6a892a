/** Whether an application is to be asked again, at each beat of a fixed cadence. */

/** Silence as short as that may be work on an answer, whatever the counters say. */
const shortSilenceMs = 150;
const firstGapMs = 60;
/** CPU time is counted in steps of 10 ms: work shows as two of them or three. */
const shortestLookMs = 30;
const cpuStepMs = 10;
/** Of one processor, from which on an application is at work. */
const workingShare = 0.15;

/**
 * Every beat begins a try, with one exception. An application that answers none of them may be working on just them, and each further one
 * takes from the first: measured, one more after 25 ms delays the first page of an emulated guest by 12 %, and a server that gives a
 * thread and 20 ms of work to each would never answer again. So the gaps grow with the silence while it is short, and for as long as the
 * application works in silence, or its counters are awaited: those of an engine elsewhere take a second where that computer is busy, and a try
 * every few milliseconds is work for all that lies on the way. What a gap costs in precision is in the resolution.
 */
export class Pace {
  private silentSinceMs?: number;
  private lastMs = -Infinity;
  private lookedAtMs = -Infinity;
  private isLooking = false;
  private usedMs?: number;
  /** as far as is known: until a second look has answered, it may be */
  private isWorking = true;

  /** @param used  the application's CPU time so far, in ms; undefined where it cannot be read */
  constructor(private readonly used: () => Promise<number | undefined>) {}

  /** A try was refused, or answered otherwise than it should. */
  heard(): void {
    delete this.silentSinceMs;
  }

  /** Whether a try is to begin now; if so, it counts as begun. */
  isDue(nowMs: number): boolean {
    const sinceMs = (this.silentSinceMs ??= nowMs);
    const silentMs = nowMs - sinceMs;
    if (!this.isLooking && nowMs - this.lookedAtMs >= Math.max(shortestLookMs, silentMs / 10))
      void this.look(nowMs);
    const isSpared = silentMs > 0 && (silentMs < shortSilenceMs || this.isWorking);
    if (isSpared && nowMs - this.lastMs < Math.max(firstGapMs, this.lastMs - sinceMs)) return false;
    this.lastMs = nowMs;
    return true;
  }

  /** What it finds counts from the next beat on: none waits for it. */
  private async look(nowMs: number): Promise<void> {
    const overMs = nowMs - this.lookedAtMs;
    this.lookedAtMs = nowMs;
    this.isLooking = true;
    const usedMs = await this.used().catch(() => undefined);
    this.isLooking = false;
    const isFirst = usedMs !== undefined && this.usedMs === undefined;
    const cpuMs = usedMs !== undefined && this.usedMs !== undefined ? usedMs - this.usedMs : 0;
    this.isWorking = isFirst || (cpuMs > cpuStepMs && cpuMs > overMs * workingShare);
    if (usedMs === undefined) delete this.usedMs;
    else this.usedMs = usedMs;
  }
}
