/** Writes down what is seen on one way, on one clock, and shows how far it is at any time. */
import type { TargetId } from '../../../contract/targets';
import type { WorkflowLane, WorkflowStepName, WorkflowWay } from '../../../contract/work/workflow';
import { lanesOf, type Seen } from './lanes';

type Details = Partial<
  Pick<Seen, 'facts' | 'request' | 'command' | 'evidence' | 'seen' | 'part' | 'id' | 'inputs'>
>;

/** A step that was written down; what is learned of it later can be added. */
export interface Written {
  /** at performance.now() by default; a second call changes nothing */
  end(atMs?: number): void;
  add(details: Details): void;
}

export class Recorder {
  private readonly seen: Seen[] = [];
  private readonly originMs = performance.now();
  private tookMs: number | undefined;
  private rest: Partial<
    Pick<WorkflowWay, 'accelerator' | 'readyMs' | 'startMs' | 'command' | 'answerSha256' | 'failure'>
  > = {};

  /** @param changed  told whenever there is more to see */
  constructor(
    private readonly id: WorkflowWay['id'],
    private readonly target: TargetId,
    private readonly lanes: readonly WorkflowLane[],
    private readonly changed: () => void,
  ) {}

  /** ms of performance.now() as ms of this way's clock */
  at(atMs: number): number {
    return Math.max(0, atMs - this.originMs);
  }

  begin(
    lane: WorkflowLane,
    name: WorkflowStepName,
    details: Details = {},
    atMs = performance.now(),
  ): Written {
    const step: Seen = {
      facts: {},
      seen: 'call',
      evidence: [],
      ...details,
      lane,
      name,
      fromMs: this.at(atMs),
    };
    this.seen.push(step);
    this.changed();
    return {
      end: (endMs = performance.now()) => {
        step.toMs ??= this.at(endMs);
        this.changed();
      },
      add: (more) => void Object.assign(step, more),
    };
  }

  /** A step whose end is known already. */
  write(
    lane: WorkflowLane,
    name: WorkflowStepName,
    fromMs: number,
    toMs: number,
    details: Details = {},
  ): Written {
    const written = this.begin(lane, name, details, fromMs);
    written.end(toMs);
    return written;
  }

  /** Takes steps of a lane back that are to be written again, better known. */
  forget(isIt: (step: Seen) => boolean): void {
    for (let at = this.seen.length - 1; at >= 0; at--) if (isIt(this.seen[at]!)) this.seen.splice(at, 1);
  }

  note(rest: Recorder['rest']): void {
    this.rest = { ...this.rest, ...rest };
    this.changed();
  }

  /** Everything is gone: the clock stops. */
  close(): void {
    const nowMs = performance.now();
    for (const step of this.seen) step.toMs ??= this.at(nowMs);
    this.tookMs ??= this.at(nowMs);
    this.changed();
  }

  way(): WorkflowWay {
    const tookMs = this.tookMs ?? this.at(performance.now());
    return {
      id: this.id,
      target: this.target,
      tookMs,
      lanes: lanesOf(this.lanes, this.seen, tookMs),
      ...this.rest,
    };
  }
}
