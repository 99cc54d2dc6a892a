/** The rest of a life: an instance is paused, resumed, stopped, started again and deleted, each step timed. */
import type { Lifecycle } from '../../contract/lifecycle';
import type { Plan } from '../../contract/plan';
import { isAbort, TareError, toFailure } from '../errors';
import { anySignal } from '../signals';
import type { Instance, Prepared, Workshop } from '../targets/target';
import { waitReady } from '../workloads/readiness';
import type { Turn } from './schedule';

type Figure = Exclude<keyof Lifecycle, 'missing'>;

/**
 * Lives one life with an instance of its own, so that the trial before it is not touched. What fails is missing with its reason;
 * nothing of the instance is left, whatever happens.
 * @throws the signal's reason when the user stops
 */
export async function liveThrough(
  turn: Turn,
  prepared: Prepared,
  plan: Plan,
  workshop: Workshop,
): Promise<Lifecycle> {
  const life = new Life(turn, prepared, plan, workshop);
  try {
    await life.live();
  } catch (error) {
    if (workshop.signal.aborted) throw workshop.signal.reason;
    if (isAbort(error)) throw error;
    life.record.missing.push({ what: life.step, reason: reasonOf(error) });
  } finally {
    await life.end();
  }
  return life.record;
}

const reasonOf = (error: unknown): string =>
  error instanceof TareError ? error.failure.code : toFailure(error).code;

class Life {
  readonly record: Lifecycle = { missing: [] };
  /** what is being tried */
  step: Figure = 'restartMs';
  private instance: Instance | undefined;

  constructor(
    private readonly turn: Turn,
    private readonly prepared: Prepared,
    private readonly plan: Plan,
    private readonly workshop: Workshop,
  ) {}

  async live(): Promise<void> {
    await this.begin();
    await this.freeze();
    await this.stopAndRestart();
    await this.took('deleteMs', async () => {
      const instance = this.instance!;
      this.instance = undefined;
      await instance[Symbol.asyncDispose]();
    });
  }

  async end(): Promise<void> {
    await this.instance?.[Symbol.asyncDispose]();
  }

  private async begin(): Promise<void> {
    const { workload } = this.turn;
    const nobodyLooks = () => undefined;
    this.instance = await this.prepared.start(workload.limits, nobodyLooks, this.workshop);
    await this.answered();
  }

  private async freeze(): Promise<void> {
    const instance = this.instance!;
    const { freezing } = instance;
    if (!freezing) {
      this.lacks('pauseMs', 'not-offered');
      return;
    }
    await this.took('pauseMs', () => freezing.pause());
    const { residentBytes } = await instance.read();
    if (residentBytes === undefined) this.lacks('pausedBytes', 'unreadable');
    else this.record.pausedBytes = residentBytes;
    await this.took('unpauseMs', async () => {
      await freezing.unpause();
      await this.answered();
    });
  }

  /** A container is kept and started again; of the others nothing is their own, so that starting again is starting anew. */
  private async stopAndRestart(): Promise<void> {
    const instance = this.instance!;
    const { keeping } = instance;
    if (!keeping) {
      await this.took('stopMs', () => instance.stop());
      this.record.stoppedDiskBytes = 0;
      await this.took('restartMs', () => this.begin());
      return;
    }
    await this.took('stopMs', () => keeping.halt());
    const { writtenBytes } = await instance.disk();
    if (writtenBytes === undefined) this.lacks('stoppedDiskBytes', 'unreadable');
    else this.record.stoppedDiskBytes = writtenBytes;
    await this.took('restartMs', async () => {
      await keeping.revive();
      await this.answered();
    });
  }

  private lacks(what: Figure, reason: string): void {
    this.record.missing.push({ what, reason });
  }

  private async took(
    what: Exclude<Figure, 'pausedBytes' | 'stoppedDiskBytes'>,
    work: () => Promise<unknown>,
  ) {
    this.step = what;
    const fromMs = performance.now();
    await work();
    this.record[what] = performance.now() - fromMs;
  }

  private async answered(): Promise<void> {
    const over = new AbortController();
    const { signal, release } = anySignal(this.workshop.signal, over.signal);
    const { readyTimeoutMs } = this.plan;
    const attempts = { lastAnswer: '' };
    const giveUp = () =>
      over.abort(
        new TareError({ code: 'not-ready', waitedMs: readyTimeoutMs, lastPhase: this.step, ...attempts }),
      );
    const timer = setTimeout(giveUp, readyTimeoutMs);
    try {
      await waitReady(this.instance!, this.turn.workload.probe, signal, attempts);
    } finally {
      clearTimeout(timer);
      release();
    }
  }
}
