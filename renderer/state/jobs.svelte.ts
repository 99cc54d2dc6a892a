import { untrack } from 'svelte';
import type { Input, Output, Parsed } from '../../main/contract/calls';
import type { Progress, TareEvent } from '../../main/contract/events';
import type { Failure } from '../../main/contract/failures';
import type { WorkflowReport } from '../../main/contract/workflow';
import type { Link } from '../link/link';
import { settings } from './settings.svelte';

type JobCall = 'workflow' | 'isolation' | 'pullImage' | 'pushImage' | 'buildImage' | 'buildKit';

/** One longer piece of work: under way, stopped, or done. It outlives the page that asked for it. */
export class Job<N extends JobCall> {
  #running = $state(false);
  #stopping = $state(false);
  #asked = $state.raw<Input<N>>();
  #value = $state.raw<Output<N>>();
  #failure = $state.raw<Failure>();
  #steps = $state.raw<Progress[]>([]);

  constructor(
    private readonly link: Link,
    readonly name: N,
  ) {}

  get running(): boolean {
    return this.#running;
  }
  get stopping(): boolean {
    return this.#stopping;
  }
  /** what it was asked last */
  get asked(): Input<N> | undefined {
    return this.#asked;
  }
  /** of the last time that it went well */
  get value(): Output<N> | undefined {
    return this.#value;
  }
  get failure(): Failure | undefined {
    return this.#failure;
  }
  /** what it does, newest last */
  get steps(): Progress[] {
    return this.#steps;
  }

  /** Asks, and answers whether it went well. While it is under way it is not asked again. */
  async run(input: Input<N>): Promise<boolean> {
    if (this.#running) return false;
    this.#running = true;
    this.#asked = input;
    this.#failure = undefined;
    this.#steps = [];
    const answer = await this.link.call(this.name, input, settings.locale);
    this.#running = false;
    if (answer.ok) this.#value = answer.value;
    else this.#failure = answer.failure;
    return answer.ok;
  }

  /** Answers once nothing of it is left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.link.call('stopJob', { call: this.name }, settings.locale);
    this.#stopping = false;
  }

  /** A failure that was read need not stay. */
  forget(): void {
    this.#failure = undefined;
    this.#steps = [];
  }

  take(step: Progress): void {
    if (!this.#running) return;
    const at = this.#steps.findIndex((one) => one.step === step.step && one.subject === step.subject);
    this.#steps = at < 0 ? [...this.#steps, step] : this.#steps.map((one, n) => (n === at ? step : one));
  }
}

/** Everything that a page may have under way beside a run. */
export class Jobs {
  readonly workflow: Job<'workflow'>;
  readonly isolation: Job<'isolation'>;
  readonly pull: Job<'pullImage'>;
  readonly push: Job<'pushImage'>;
  readonly build: Job<'buildImage'>;
  readonly kit: Job<'buildKit'>;
  /** the newest workflow, as far as it has come */
  #followed = $state.raw<WorkflowReport>();

  constructor(link: Link) {
    this.workflow = new Job(link, 'workflow');
    this.isolation = new Job(link, 'isolation');
    this.pull = new Job(link, 'pullImage');
    this.push = new Job(link, 'pushImage');
    this.build = new Job(link, 'buildImage');
    this.kit = new Job(link, 'buildKit');
    link.onEvents((events) => events.forEach((event) => this.#take(event)));
  }

  get followed(): WorkflowReport | undefined {
    return this.#followed;
  }

  #take(event: TareEvent): void {
    if (event.kind === 'workflow') this.#followed = event.report;
    if (event.kind !== 'progress') return;
    const jobs = [this.workflow, this.isolation, this.pull, this.push, this.build, this.kit];
    jobs.find(({ name }) => name === event.call)?.take(event.progress);
  }
}

/** Which of the guest's kernels is being built, or was built last. */
export const kernelAsked = ({ asked }: Job<'buildKit'>): Parsed<'buildKit'>['kernel'] | undefined =>
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
