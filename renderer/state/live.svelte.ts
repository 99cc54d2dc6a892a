import type { TareEvent } from '../../main/contract/events';
import type { Failure } from '../../main/contract/failures';
import type { Plan } from '../../main/contract/plan';
import { whenReconnected, type Link } from '../link/link';
import { emptyRun, resumedRun, takeEvents, type LiveRun } from './live';
import { appearance } from './appearance.svelte';

/** The run that is under way, if any: it outlives the pages. */
export class LiveState {
  /** replaced (shallowly) after each batch of events, so that what shows it is drawn once a batch */
  #run = $state.raw<LiveRun>();
  #stopping = $state(false);
  readonly #link: Link;
  readonly #onEnded: (run: LiveRun) => void;

  constructor(link: Link, onEnded: (run: LiveRun) => void) {
    this.#link = link;
    this.#onEnded = onEnded;
    link.onEvents((events) => this.#take(events));
    whenReconnected(link, () => void this.resume());
  }

  get run(): LiveRun | undefined {
    return this.#run;
  }
  get running(): boolean {
    return this.#run?.state === 'running';
  }
  /** a stop was asked for and what runs is being removed */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Starts a plan; `anyway`: also beside another Tare at work. @returns the run's id, or why it was refused */
  async start(plan: Plan, anyway = false): Promise<{ id: string } | { failure: Failure }> {
    const asked = { plan, ...(anyway && { anyway }) };
    const answer = await this.#link.call('startRun', asked, appearance.locale);
    if (!answer.ok) return { failure: answer.failure };
    // events may have arrived before this answer
    if (this.#run?.id !== answer.value) this.#run = emptyRun(answer.value);
    return { id: answer.value };
  }

  /** Asks the run to stop; answers once everything it started is gone. */
  async stop(): Promise<Failure | undefined> {
    const run = this.#run;
    if (!run || run.state !== 'running') return undefined;
    this.#stopping = true;
    const answer = await this.#link.call('stopRun', { id: run.id }, appearance.locale);
    this.#stopping = false;
    return answer.ok ? undefined : answer.failure;
  }

  /**
   * Finds out what was not told: how the run that was followed stands or has ended, and one that is under way already, because the
   * page was reloaded or opened in a second browser.
   */
  async resume(): Promise<void> {
    const followed = this.#run?.state === 'running' ? this.#run.id : undefined;
    if (followed !== undefined) await this.#takeUp(followed);
    const work = await this.#link.call('underWay', {}, appearance.locale);
    const under = work.ok ? work.value.find(({ kind }) => kind === 'run')?.run : undefined;
    if (under !== undefined && under !== followed) await this.#takeUp(under);
  }

  async #takeUp(id: string): Promise<void> {
    const [run, samples] = await Promise.all([
      this.#link.call('run', { id }, appearance.locale),
      this.#link.call('samples', { id }, appearance.locale),
    ]);
    const known = this.#run?.id === id ? this.#run : undefined;
    // meanwhile its end was told, or another one was started
    if (known ? known.state !== 'running' : this.running) return;
    if (run.ok) this.#run = resumedRun(run.value, samples.ok ? samples.value : []);
    else if (known && isGone(run.failure)) this.#run = { ...known, state: 'interrupted' };
    if (known && this.#run && this.#run.state !== 'running') this.#onEnded(this.#run);
  }

  #take(events: TareEvent[]): void {
    const wasRunning = this.running;
    const run = takeEvents(this.#run, events, performance.now());
    this.#run = run;
    if (wasRunning && run && run.state !== 'running') this.#onEnded(run);
  }
}

/** There is no record to come: a call that failed because the connection was lost again proves nothing. */
const isGone = ({ code }: Failure): boolean => code === 'run-unknown' || code === 'run-unreadable';
