import { untrack } from 'svelte';
import type { Input } from '../../main/contract/calls';
import type { TareEvent } from '../../main/contract/events';
import { withStep, type Progress } from '../../main/contract/work/progress';
import type { Failure } from '../../main/contract/failures';
import type {
  JobInput,
  JobKind,
  WorkOutputs,
  JobRecord,
  WorkInputs,
  WorkRecord,
} from '../../main/contract/work/work';
import type { WorkflowReport } from '../../main/contract/work/workflow';
import { whenReconnected, type Link } from '../link/link';
import { notices } from './notices.svelte';

/**
 * One kind of longer work, as the engine tells of it: under way, stopped, or done. It belongs to no page: whichever asked for it,
 * every page shows it, also one that is loaded meanwhile.
 */
export class Job<N extends JobKind> {
  /** asked for, and not yet answered whether it begins */
  #asking = $state(false);
  #asked = $state.raw<JobInput<N>>();
  #record = $state.raw<JobRecord<N>>();
  #value = $state.raw<WorkOutputs[N]>();
  #earlier = $state.raw<WorkOutputs[N]>();
  #failure = $state.raw<Failure>();

  constructor(
    private readonly link: Link,
    readonly name: N,
  ) {}

  get running(): boolean {
    return this.#asking || this.#isUnderWay;
  }
  get stopping(): boolean {
    return this.#isUnderWay && this.#record?.stopping === true;
  }
  /** what it was asked last */
  get asked(): JobInput<N> | undefined {
    return this.#asked;
  }
  /** of the last time that it went well */
  get value(): WorkOutputs[N] | undefined {
    return this.#value;
  }
  /** of the time before that */
  get earlier(): WorkOutputs[N] | undefined {
    return this.#earlier;
  }
  /** why it did not begin, or did not go well, the last time */
  get failure(): Failure | undefined {
    return this.#failure;
  }
  /** what it does, newest last */
  get steps(): Progress[] {
    return this.#isUnderWay ? (this.#record?.steps ?? []) : [];
  }
  /** names the work that is under way by what the engine knows */
  get underWay(): number | undefined {
    return this.#isUnderWay ? this.#record?.id : undefined;
  }

  get #isUnderWay(): boolean {
    return this.#record !== undefined && this.#record.answer === undefined;
  }

  /** Answers once it has begun or was refused. While it is under way it is not asked again. */
  async start(input: JobInput<N>): Promise<void> {
    if (this.running) return;
    this.#asking = true;
    this.#asked = input;
    this.#failure = undefined;
    const order = { kind: this.name, input } as Input<'startJob'>;
    const answer = await this.link.call('startJob', order);
    this.#asking = false;
    if (answer.ok) this.take(answer.value as JobRecord<N>);
    else this.#failure = answer.failure;
  }

  /** Answers once nothing of it is left. */
  async stop(): Promise<void> {
    const answer = await this.link.call('stopJob', { kind: this.name });
    if (!answer.ok) notices.tell({ failure: answer.failure });
  }

  /** A failure that was read need not stay. */
  forget(): void {
    this.#failure = undefined;
  }

  /** Takes what the engine says of it; what is older than what is known, or was told too late, changes nothing. */
  take(record: JobRecord<N>): void {
    const known = this.#record;
    if (known && (record.id < known.id || (record.id === known.id && known.answer))) return;
    this.#record = record;
    this.#asked = record.input as JobInput<N>;
    const { answer } = record;
    this.#failure = answer && !answer.ok ? answer.failure : undefined;
    if (!answer?.ok) return;
    this.#earlier = this.#value;
    this.#value = answer.value;
  }

  takeStep(step: Progress): void {
    const record = this.#record;
    if (record && !record.answer) this.#record = { ...record, steps: withStep(record.steps, step) };
  }

  /** It was under way in an engine that is no more, and has ended with it. */
  takeEnd(id: number): void {
    const record = this.#record;
    if (record?.id === id) this.take({ ...record, answer: { ok: false, failure: { code: 'stopped' } } });
  }
}

/** Everything that may be under way beside a run. */
export class Jobs {
  readonly workflow: Job<'workflow'>;
  readonly isolation: Job<'isolation'>;
  readonly pull: Job<'pullImage'>;
  readonly push: Job<'pushImage'>;
  readonly build: Job<'buildImage'>;
  readonly kit: Job<'buildKit'>;
  /** the newest workflow, as far as it has come */
  #followed = $state.raw<WorkflowReport>();
  readonly #link: Link;
  readonly #all: { [N in JobKind]: Job<N> };

  constructor(link: Link) {
    this.#link = link;
    this.workflow = new Job(link, 'workflow');
    this.isolation = new Job(link, 'isolation');
    this.pull = new Job(link, 'pullImage');
    this.push = new Job(link, 'pushImage');
    this.build = new Job(link, 'buildImage');
    this.kit = new Job(link, 'buildKit');
    const { workflow, isolation, pull, push, build, kit } = this;
    this.#all = { workflow, isolation, pullImage: pull, pushImage: push, buildImage: build, buildKit: kit };
    link.onEvents((events) => events.forEach((event) => this.#takeEvent(event)));
    whenReconnected(link, () => void this.resume());
  }

  get followed(): WorkflowReport | undefined {
    return this.#followed;
  }

  /** Finds out what was not told: work that is under way or has ended already, because the page was reloaded or the connection lost. */
  async resume(): Promise<void> {
    const followed = Object.values(this.#all).map((job) => ({ job, id: job.underWay }));
    const answer = await this.#link.call('work', {});
    if (!answer.ok) return;
    const records = answer.value;
    for (const record of records) this.#take(record);
    for (const { job, id } of followed)
      if (id !== undefined && !records.some((record) => record.id === id)) job.takeEnd(id);
  }

  #take(record: WorkRecord): void {
    if (record.kind === 'run') return; // the live page's
    const job = this.#all[record.kind] as Job<JobKind>;
    job.take(record as JobRecord);
    if (record.followed) this.#followed = record.followed;
  }

  #takeEvent(event: TareEvent): void {
    if (event.kind === 'work') this.#take(event.work);
    else if (event.kind === 'workflow') this.#followed = event.report;
    else if (event.kind === 'progress' && event.job) this.#all[event.job].takeStep(event.progress);
  }
}

/** Which of the guest's kernels is being built, or was built last. */
export const kernelAsked = ({ asked }: Job<'buildKit'>): WorkInputs['buildKit']['kernel'] | undefined =>
  asked && (asked.kernel ?? 'distribution');

/** Calls `then` whenever the job ends, whichever page asked for it. Call it while a component is set up. */
export function whenOver(job: { readonly running: boolean }, then: () => void): void {
  let wasRunning = false;
  $effect(() => {
    const { running } = job;
    if (wasRunning && !running) untrack(then);
    wasRunning = running;
  });
}
