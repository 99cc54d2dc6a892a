import type { CallName } from '../../../contract/calls';
import type { TareEvent } from '../../../contract/events';
import type { NameIn } from '../../../contract/keys';
import type { OtherWork, RunId } from '../../../contract/run/run';
import type { WorkInputs, WorkKind, WorkNote, WorkOutputs, WorkRecord } from '../../../contract/work/work';
import { TareError, toFailure } from '../errors';
import { WorkRecords } from './records';

/** Work that has begun; `finished` settles once nothing that it started is left. */
export interface Begun<T> {
  finished: Promise<T>;
}

/** Synchronous calls, which block a run: each has words, as people are told what is under way. */
type Awaited = Extract<CallName | 'loadImage', NameIn<'job'>>;

export interface WorkOrder<K extends WorkKind> {
  kind: K;
  input: WorkInputs[K];
  /** what a run is kept under */
  run?: RunId;
  /** also beside what another Tare has under way on this machine */
  anyway?: boolean;
  /** this machine does nothing for it but listen */
  elsewhere?: boolean;
}

interface Piece {
  name: WorkKind | Awaited;
  run?: RunId | undefined;
  stopping: AbortController;
  /** never rejects */
  over: Promise<void>;
}

export interface WorkParts {
  emit: (event: TareEvent) => void;
  /**
   * writes down that work is under way, before anything of it is; the answer strikes it out. `elsewhere`: on other machines, each of
   * which has its own note of it
   * @throws {TareError} `write-failed`
   */
  note: (note: WorkNote, elsewhere: boolean) => () => void;
  /** what other Tares have under way on this machine */
  others: () => OtherWork[];
  /** aborted: nothing may begin any more */
  closing: AbortSignal;
}

/** All that an engine does for longer than an answer takes: one run, which must be disturbed by nothing, or jobs, each kind once. */
export class Work {
  private readonly open = new Set<Piece>();
  private readonly told: WorkRecords;

  constructor(private readonly parts: WorkParts) {
    this.told = new WorkRecords(parts.emit);
  }

  /**
   * Takes the place before it waits for anything, and gives it back when the work is over or did not begin. Answers once it has begun.
   * @param start  with a signal that aborts when the work is to stop, also while it only begins
   * @throws {TareError} `run-under-way` · `job-under-way` · `machine-busy` for a run, unless it is asked for `anyway` · `write-failed`;
   *   AbortError when closing; what `start` throws
   */
  async begin<K extends WorkKind>(
    { kind, input, run, anyway, elsewhere = false }: WorkOrder<K>,
    start: (signal: AbortSignal) => Promise<Begun<WorkOutputs[K]>>,
  ): Promise<WorkRecord<K>> {
    this.parts.closing.throwIfAborted();
    this.refuseBesideRun();
    this.refuseBeside(kind);
    const note = { kind, ...(run !== undefined && { run }), startedAt: new Date().toISOString() };
    const strike = this.parts.note(note, elsewhere);
    if (kind === 'run' && !anyway && !elsewhere) this.refuseBesideOthers(strike);
    const record = this.told.begin(kind, input, run);
    const stopping = new AbortController();
    const begun = start(stopping.signal);
    const over = begun
      .then(async ({ finished }) => ({ ok: true as const, value: await finished }))
      .catch((error: unknown) => ({ ok: false as const, failure: toFailure(error) }))
      .then((answer) => {
        // before anybody learns that it is over, so that the next one may begin
        this.open.delete(piece);
        strike();
        this.told.end(kind, answer);
      });
    const piece: Piece = { name: kind, run, stopping, over };
    this.open.add(piece);
    try {
      await begun;
    } catch (error) {
      await over;
      throw error;
    }
    return record;
  }

  /** Does what a call asks for while it waits: no run begins beside it, and closing stops and awaits it. */
  async during<T>(call: Awaited, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.parts.closing.throwIfAborted();
    const stopping = new AbortController();
    const done = body(stopping.signal);
    const over = done.then(
      () => undefined,
      () => undefined,
    );
    const piece: Piece = { name: call, stopping, over };
    this.open.add(piece);
    try {
      return await done;
    } finally {
      this.open.delete(piece);
    }
  }

  /** @throws {TareError} `run-under-way`: what takes processors, disk and network would spoil what is measured */
  refuseBesideRun(): void {
    const run = [...this.open].find(({ name }) => name === 'run')?.run;
    if (run !== undefined) throw new TareError({ code: 'run-under-way', id: run });
  }

  /** Of each kind what ended last and what is under way, in the order in which they began. */
  records(): WorkRecord[] {
    return this.told.all();
  }

  /** Takes what the work under way tells of itself into its record. */
  take(event: TareEvent): void {
    this.told.note(event);
  }

  /**
   * Stops what is under way of this kind, and resolves once everything it started is gone.
   * @param run  only this one
   */
  async stop(kind: WorkKind, run?: RunId): Promise<void> {
    const piece = [...this.open].find(({ name }) => name === kind);
    if (!piece || (run !== undefined && piece.run !== run)) return;
    this.told.stopping(kind);
    piece.stopping.abort();
    await piece.over;
  }

  /** Stops everything; resolves when nothing of it is left. */
  async close(): Promise<void> {
    for (const { stopping } of this.open) stopping.abort();
    await Promise.all([...this.open].map(({ over }) => over));
  }

  /** Looked at after the own work is written down: of two that begin at once, each sees the other. */
  private refuseBesideOthers(strike: () => void): void {
    const [other] = this.parts.others();
    if (!other) return;
    strike();
    const { kind, pid, startedAt } = other;
    throw new TareError({ code: 'machine-busy', call: kind, pid, startedAt });
  }

  /** A run begins beside nothing, a job beside none of its kind. */
  private refuseBeside(kind: WorkKind): void {
    const beside = [...this.open].find(({ name }) => kind === 'run' || name === kind);
    if (beside) throw new TareError({ code: 'job-under-way', call: beside.name });
  }
}
