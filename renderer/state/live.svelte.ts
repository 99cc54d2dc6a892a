import type { TareEvent } from '../../main/contract/events';
import type { Failure } from '../../main/contract/failures';
import type { Plan } from '../../main/contract/plan';
import { noExperience, type Experience } from '../../main/contract/planning';
import { isOfHosts } from '../../main/contract/record';
import { whenReconnected, type Link } from '../link/link';
import type { FollowedUntil } from '../../main/contract/run/followed';
import type { WorkRecord } from '../../main/contract/work/work';
import { takeEvents } from './live/events';
import { resumedHosts, takeFleet } from './live/hosts';
import { emptyRun, resumedRun, takeRecord, type LiveRun } from './live/run';
import { isHere, type Where } from './hosts/chosen.svelte';

/** The run that is under way, if any: it outlives the pages. */
export class LiveState {
  /** replaced (shallowly) after each batch of events, so that what shows it is drawn once a batch */
  #run = $state.raw<LiveRun>();
  #stopping = $state(false);
  #experience = $state.raw(noExperience);
  /** how far the files of another Tare's run have been read */
  #until: FollowedUntil | undefined;
  #takingUp: Promise<void> | undefined;
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
  /** on this data folder, here or by another Tare: no other can be begun */
  get running(): boolean {
    return this.#run?.state === 'running';
  }
  /** what earlier runs took */
  get experience(): Experience {
    return this.#experience;
  }
  /** a stop was asked for and what runs is being removed */
  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Starts a plan.
   * @param how.anyway  also beside another Tare at work
   * @param how.where  absent: on this computer
   * @returns the run's id, or why it was refused
   */
  async start(
    plan: Plan,
    { anyway = false, where }: { anyway?: boolean; where?: Where } = {},
  ): Promise<{ id: string } | { failure: Failure }> {
    const asked = { plan, ...(anyway && { anyway }), ...(where && !isHere(where) && where) };
    const answer = await this.#link.call('startRun', asked);
    if (!answer.ok) return { failure: answer.failure };
    // events may have arrived before this answer
    if (this.#run?.id !== answer.value) this.#run = emptyRun(answer.value, performance.now());
    return { id: answer.value };
  }

  /** Asks the run to stop; answers once everything it started is gone. */
  async stop(): Promise<Failure | undefined> {
    const run = this.#run;
    if (!run || run.state !== 'running' || run.by) return undefined;
    this.#stopping = true;
    const answer = await this.#link.call('stopRun', { id: run.id });
    this.#stopping = false;
    return answer.ok ? undefined : answer.failure;
  }

  /**
   * Finds out what was not told: how the run that was followed stands or has ended, and one that is under way already, because the
   * page was reloaded or opened in a second browser.
   */
  async resume(): Promise<void> {
    const run = this.#run;
    if (run?.state === 'running' && !run.by) await this.#takeUp(run.id);
    await this.look();
  }

  /** Looks again and again what other Tares do on this data folder: they tell no events here. The answer ends it. */
  watch(periodMs = 2000): () => void {
    let looking = false;
    const timer = setInterval(() => {
      // our own run is told of; a page that nobody sees must not take time from what others measure
      if (looking || document.hidden || (this.running && !this.#run?.by)) return;
      looking = true;
      void this.look().finally(() => (looking = false));
    }, periodMs);
    return () => clearInterval(timer);
  }

  /** Looks once: at the run that is followed, and else for one that is under way. */
  async look(): Promise<void> {
    const work = await this.#link.call('underWay', {});
    if (!work.ok) return;
    const runs = work.value.filter(({ kind, run }) => kind === 'run' && run !== undefined);
    if (this.running) {
      const { id, by } = this.#run!;
      const isUnderWay = runs.some(({ run }) => run === id);
      return by && this.#follow(id, isUnderWay);
    }
    const [next] = runs.toSorted((a, b) => Number(b.own) - Number(a.own));
    if (!next?.run) return;
    void this.#recall();
    if (next.own) return this.#takeUp(next.run);
    const { run, pid, startedAt, door } = next;
    this.#run = {
      ...emptyRun(run, performance.now() - (Date.now() - Date.parse(startedAt))),
      by: { pid, startedAt, ...(door && { door }) },
    };
    this.#until = undefined;
    await this.#follow(run, true);
  }

  /** Takes what is new in the files of a run that another Tare makes. */
  async #follow(id: string, isUnderWay: boolean): Promise<void> {
    const asked = { id, ...(this.#until && { since: this.#until }) };
    const answer = await this.#link.call('followRun', asked);
    const hasNoRecord = answer.ok && answer.value.until.record === '';
    const fleet = hasNoRecord ? await this.#link.call('record', { id }) : undefined;
    const known = this.#run;
    if (known?.id !== id || !known.by || known.state !== 'running') return; // a run of our own has begun
    if (fleet?.ok && isOfHosts(fleet.value)) {
      this.#run = takeFleet(known, fleet.value, isUnderWay, performance.now());
      if (!isUnderWay) this.#onEnded(this.#run);
      return;
    }
    if (answer.ok) {
      this.#until = answer.value.until;
      const next = takeRecord(known, answer.value, performance.now());
      this.#remind(next);
      this.#run = next;
    }
    const gone = answer.ok ? !answer.value.run : isGone(answer.failure);
    if (!isUnderWay && gone) this.#run = { ...known, state: 'interrupted' };
    if (!this.running && this.#run) this.#onEnded(this.#run);
  }

  /** Takes up a run from its record; one at a time. */
  #takeUp(id: string): Promise<void> {
    this.#takingUp ??= this.#readRecord(id).finally(() => (this.#takingUp = undefined));
    return this.#takingUp;
  }

  async #readRecord(id: string): Promise<void> {
    const [run, samples] = await Promise.all([
      this.#link.call('run', { id }),
      this.#link.call('samples', { id }),
    ]);
    const onHosts = !run.ok && isGone(run.failure) ? await this.#workOnHosts(id) : undefined;
    const known = this.#run?.id === id ? this.#run : undefined;
    // meanwhile its end was told, or another one was started
    if (known ? known.state !== 'running' : this.running) return;
    if (onHosts) this.#run = resumedHosts(onHosts, { nowMs: performance.now(), dateMs: Date.now() });
    else if (run.ok)
      this.#run = resumedRun(run.value, samples.ok ? samples.value : [], {
        nowMs: performance.now(),
        dateMs: Date.now(),
      });
    else if (known && isGone(run.failure)) this.#run = { ...known, state: 'interrupted' };
    this.#remind(this.#run);
    if (known && this.#run && this.#run.state !== 'running') this.#onEnded(this.#run);
  }

  /** A run on several hosts: while it is under way only the engine that makes it knows how far they are. */
  async #workOnHosts(id: string): Promise<WorkRecord | undefined> {
    const work = await this.#link.call('work', {});
    return work.ok ? work.value.find((record) => record.run === id && record.hosts) : undefined;
  }

  async #recall(): Promise<void> {
    const told = await this.#link.call('experience', {});
    if (told.ok) this.#experience = told.value;
    this.#remind(this.#run);
  }

  #remind(run: LiveRun | undefined): void {
    if (run?.left) run.left.experience = this.#experience;
  }

  #take(events: TareEvent[]): void {
    const wasRunning = this.running;
    const run = takeEvents(this.#run, events, performance.now());
    this.#run = run;
    if (events.some(({ kind }) => kind === 'run-started')) void this.#recall();
    // the page came in the middle, and its call for the record was lost: the next one may be answered
    if (run?.state === 'running' && !run.plan && events.some(isMeasured)) void this.#takeUp(run.id);
    if (wasRunning && run && run.state !== 'running') this.#onEnded(run);
  }
}

/** There is no record to come: a call that failed because the connection was lost again proves nothing. */
const isGone = ({ code }: Failure): boolean => code === 'run-unknown' || code === 'run-unreadable';

/** What a run tells only once its plan is known: whoever does not know it has missed the beginning. */
const isMeasured = ({ kind }: TareEvent): boolean => kind === 'samples' || kind === 'trial-started';
