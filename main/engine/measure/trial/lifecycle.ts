/** The rest of a life: an instance is paused, resumed, stopped, started again and deleted, each step timed. */
import type { Lifecycle } from '../../../contract/run/lifecycle';
import type { Plan } from '../../../contract/plan';
import { isAbort, TareError, toFailure } from '../../base/errors';
import { spareBytes } from '../sampling/host';
import type { Instance, Left, Prepared, Remains } from '../targets/target';
import type { RunScope } from '../../base/scope';
import { patienceFor, type Patience } from '../workloads/patience';
import { waitReady } from '../workloads/readiness';
import type { Turn } from './trial';

type LifecycleFigure = Exclude<keyof Lifecycle, 'missing'>;
type Size = Extract<LifecycleFigure, `${string}Bytes`>;

const notOffered: Left = { reason: 'not-offered' };

/**
 * Lives one life with an instance of its own, so that the trial before it is not touched. What fails is missing with its reason;
 * nothing of the instance is left, whatever happens.
 * @param hostSpare  what the host could give to others
 * @throws the signal's reason when the user stops; what keeps the instance from being removed
 */
export async function runLifecycle(
  turn: Turn,
  prepared: Prepared,
  plan: Plan,
  scope: RunScope,
  hostSpare = spareBytes,
): Promise<Lifecycle> {
  const life = new LifecycleRun(turn, prepared, plan, scope, hostSpare);
  try {
    await life.live();
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason;
    if (isAbort(error)) throw error;
    life.record.missing.push({ what: life.step, reason: reasonOf(error) });
  } finally {
    await life.end();
  }
  return life.record;
}

const reasonOf = (error: unknown): string =>
  error instanceof TareError ? error.failure.code : toFailure(error).code;

class LifecycleRun {
  readonly record: Lifecycle = { missing: [] };
  /** what is being tried */
  step: LifecycleFigure = 'restartMs';
  private instance: Instance | undefined;
  /** on the host, before the life began */
  private spareBytes: number | undefined;

  constructor(
    private readonly turn: Turn,
    private readonly prepared: Prepared,
    private readonly plan: Plan,
    private readonly scope: RunScope,
    private readonly hostSpare: () => Promise<number | undefined>,
  ) {}

  async live(): Promise<void> {
    this.spareBytes = await this.hostSpare();
    await this.begin();
    await this.freeze();
    await this.stopAndRestart();
    const instance = this.instance!;
    const remains = await instance.remains?.();
    await this.took('deleteMs', async () => {
      await instance[Symbol.asyncDispose]();
      this.instance = undefined;
    });
    await this.stays('deleted', remains);
  }

  async end(): Promise<void> {
    await this.instance?.[Symbol.asyncDispose]();
  }

  private async begin(): Promise<void> {
    const { limits } = this.turn.workload;
    const nobodyLooks = () => undefined;
    await this.within(async (patience) => {
      const scope = { ...this.scope, signal: patience.signal };
      this.instance = await this.prepared.start(limits, nobodyLooks, scope);
      await this.answered(patience);
    });
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
      await this.within((patience) => this.answered(patience));
    });
  }

  /** A container is kept and started again; of the others nothing is their own, so that starting again is starting anew. */
  private async stopAndRestart(): Promise<void> {
    const instance = this.instance!;
    const { keeping } = instance;
    const remains = await instance.remains?.();
    await this.took('stopMs', () => (keeping ? keeping.halt() : instance.stop()));
    await this.stays('stopped', remains);
    this.tell('stoppedDiskBytes', (await remains?.disk()) ?? notOffered);
    await this.took('restartMs', async () => {
      if (!keeping) return this.begin();
      await keeping.revive();
      await this.within((patience) => this.answered(patience));
    });
  }

  /** What is left of it in memory: by itself, and as the host sees it. */
  private async stays(when: 'stopped' | 'deleted', remains: Remains | undefined): Promise<void> {
    const now = await this.hostSpare();
    this.tell(`${when}Bytes`, (await remains?.memory()) ?? notOffered);
    const host =
      this.spareBytes === undefined || now === undefined
        ? { reason: 'unreadable' }
        : { bytes: this.spareBytes - now };
    this.tell(`${when}HostBytes`, host);
  }

  private tell(what: Size, left: Left): void {
    if ('bytes' in left) this.record[what] = left.bytes;
    else this.lacks(what, left.reason);
  }

  private lacks(what: LifecycleFigure, reason: string): void {
    this.record.missing.push({ what, reason });
  }

  private async took(what: Exclude<LifecycleFigure, Size>, work: () => Promise<unknown>): Promise<void> {
    this.step = what;
    const fromMs = performance.now();
    await work();
    this.record[what] = performance.now() - fromMs;
  }

  private async answered({ signal, attempts }: Patience): Promise<void> {
    await waitReady(this.instance!, this.turn.workload.probe, signal, attempts);
  }

  /** A guest that hangs before its application is executed must end the life too. */
  private async within(work: (patience: Patience) => Promise<void>): Promise<void> {
    const patience = patienceFor(this.plan.readyTimeoutMs, this.scope.signal, () => this.step);
    try {
      await work(patience);
    } catch (error) {
      throw patience.signal.aborted ? patience.signal.reason : error;
    } finally {
      patience.release();
    }
  }
}
