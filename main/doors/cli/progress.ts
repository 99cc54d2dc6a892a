import type { TareEvent } from '../../contract/events';
import type { Progress as Step } from '../../contract/work/progress';
import { nameOf, say } from '../../contract/messages';
import { showBytes, showMs } from '../../contract/quantities';
import type { Trial } from '../../contract/run/run';
import { pairsOf, type Experience } from '../../contract/planning';
import { isDensity, type Plan } from '../../contract/plan';
import { stretchUnderWay } from '../../contract/run/stretches';
import { TimeLeft } from '../../contract/run/timeLeft';
import type { TargetId } from '../../contract/targets';
import { widthOf } from './terminal/layout';
import { LiveArea } from './terminal/liveArea';
import type { Screen } from './terminal/screen';
import { buildLines } from './builds';
import { layerLines, transferSummary } from './transfers';

/** A step that took less is not worth a line. */
const worthTellingMs = 200;
/** Where nothing is redrawn, a step that takes longer is announced, so that the reader knows what is being waited for. */
const announcedAfterMs = 1000;

interface Running {
  name: string;
  sinceMs: number;
  target: TargetId;
  /** those it has come through, in order */
  phases: string[];
  readyMs?: number;
  residentBytes?: number;
}

/** Where a run is. */
interface Course {
  plan: Plan;
  left: TimeLeft;
  /** from 0; below 0 during warm-ups */
  round: number;
}

const barWidth = 20;

/**
 * Tells what an engine does while it works. Every step and trial that ends leaves one line; on a terminal what is under way is redrawn
 * in place, above a bar of the whole run, and only what went wrong stays.
 */
export class Progress {
  private readonly steps = new Map<string, { step: Step; sinceMs: number; announce?: NodeJS.Timeout }>();
  private readonly running = new Map<string, Running>();
  private done = 0;
  private of = 0;
  private startedMs: number;
  private readonly live: LiveArea | undefined;
  private course: Course | undefined;
  private stopping = false;
  /** names are padded to it, so that the figures stand below each other */
  private nameWidth = 0;

  /**
   * @param live        whether lines may be redrawn: a terminal that a person looks at
   * @param experience  what earlier runs here took, to tell how long this one still takes
   */
  constructor(
    private readonly screen: Screen,
    live: boolean,
    private readonly experience?: Experience,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedMs = now();
    this.live = live ? new LiveArea(screen, () => this.liveLines()) : undefined;
  }

  take(event: TareEvent): void {
    switch (event.kind) {
      case 'run-started':
        this.forgetSteps();
        this.of = event.trials;
        this.startedMs = this.now();
        this.course = { plan: event.plan, left: new TimeLeft(event.plan, this.experience), round: -1 };
        this.nameWidth = this.widest(event.plan);
        break;
      case 'progress':
        this.takeStep(event.progress);
        break;
      case 'trial-started':
        this.course?.left.started(event, this.now());
        if (this.course) this.course.round = event.index;
        this.running.set(event.trial, {
          name: this.name(event),
          sinceMs: this.now(),
          target: event.target,
          phases: [],
        });
        break;
      case 'phase':
        this.takePhase(event);
        break;
      case 'samples':
        for (const sample of event.samples) {
          const running = sample.kind === 'instance' ? this.running.get(sample.trial) : undefined;
          if (running && sample.kind === 'instance' && sample.residentBytes !== undefined) {
            running.residentBytes = sample.residentBytes;
          }
        }
        break;
      case 'trial-ended':
        this.done = event.done;
        this.of = event.of;
        this.course?.left.ended(event.trial);
        this.running.delete(event.trial.id);
        this.tellTrial(event.trial, event.warmup);
        break;
      case 'warning':
        this.tell(`${this.screen.tone('warn', '!')} ${say(this.screen.locale, event.text)}`);
        break;
      case 'run-ended':
        return this.end();
    }
    this.live?.refresh();
  }

  /** Says that a stop was asked for, so that a person who waits knows why. */
  stop(): void {
    this.stopping = true;
    this.tell(`${this.screen.tone('warn', '!')} ${this.screen.say('cli.stopping')}`);
  }

  end(): void {
    this.forgetSteps();
    this.live?.end();
  }

  private tell(line: string): void {
    if (this.live) this.live.above(line);
    else this.screen.line(line);
  }

  private name({ workload, target, warmup }: { workload: string; target: string; warmup?: boolean }): string {
    const name = `${workload} · ${nameOf(this.screen.locale, 'target', target)}`;
    return warmup ? `${name} ${this.screen.say('cli.warmup')}` : name;
  }

  private widest(plan: Plan): number {
    const warmup = plan.warmups > 0;
    const names = pairsOf(plan).map(({ workload, target }) =>
      widthOf(this.name({ workload: workload.name, target, warmup })),
    );
    return Math.max(...names);
  }

  private takeStep(step: Step): void {
    const key = `${step.step} ${step.subject}`;
    const known = this.steps.get(key);
    if (step.state !== 'done') {
      const sinceMs = known?.sinceMs ?? this.now() - step.elapsedMs;
      const announce = this.live ? undefined : (known?.announce ?? this.announceLater(step));
      this.steps.set(key, { step, sinceMs, ...(announce && { announce }) });
      return;
    }
    clearTimeout(known?.announce);
    this.steps.delete(key);
    if (step.elapsedMs < worthTellingMs || (this.live && this.course)) return;
    const { screen } = this;
    this.tell(`${screen.tone('good', '✓')} ${this.stepName(step)}  ${showMs(screen.locale, step.elapsedMs)}`);
  }

  private announceLater(step: Step): NodeJS.Timeout {
    return setTimeout(() => this.tell(`… ${this.stepName(step)}`), announcedAfterMs).unref();
  }

  private forgetSteps(): void {
    for (const { announce } of this.steps.values()) clearTimeout(announce);
    this.steps.clear();
  }

  private stepName(step: Step): string {
    const by = step.builder === 'classic' ? `  ${this.screen.say('builder.classic')}` : '';
    return `${nameOf(this.screen.locale, 'step', step.step)}${step.subject ? `  ${step.subject}` : ''}${by}`;
  }

  private takePhase({ trial, phase }: Extract<TareEvent, { kind: 'phase' }>): void {
    const running = this.running.get(trial);
    if (!running) return;
    running.phases.push(phase.name);
    if (phase.name === 'ready') running.readyMs = phase.atMs;
  }

  private tellTrial(trial: Trial, warmup: boolean): void {
    const { screen } = this;
    if (this.live && trial.outcome === 'ok') return;
    const width = String(this.of).length;
    const count = `${String(this.done).padStart(width)}/${this.of}`;
    const mark = trial.outcome === 'ok' ? screen.tone('good', '✓') : screen.tone('bad', '✗');
    const name = this.name({ ...trial, warmup });
    const facts = [count, name + ' '.repeat(Math.max(0, this.nameWidth - widthOf(name)))];
    if (trial.outcome !== 'ok') facts.push(screen.say(`outcome.${trial.outcome}`));
    if (trial.readyMs !== undefined) facts.push(this.ready(trial.readyMs));
    if (trial.memory.hostBytes !== undefined && !warmup)
      facts.push(showBytes(screen.locale, trial.memory.hostBytes));
    this.tell(`${mark} ${facts.join('  ')}`);
  }

  private ready(readyMs: number): string {
    return this.screen.say('cli.ready-after', { after: { ms: readyMs } });
  }

  private liveLines(): string[] {
    const { locale } = this.screen;
    const lines = [...this.steps.values()].flatMap(({ step, sinceMs }) => {
      const { share, transfer, build } = step;
      const shown = share === undefined ? '' : `  ${Math.floor(share * 100)} %`;
      const moved = transfer ? transferSummary(this.screen, transfer) : '';
      const line = `${this.stepName(step)}${shown}${moved}  ${this.clock(sinceMs)}`;
      const below = transfer ? layerLines(this.screen, transfer) : buildLines(this.screen, build ?? []);
      return [line, ...below];
    });
    for (const trial of this.running.values()) {
      const memory = trial.residentBytes === undefined ? '' : `  ${showBytes(locale, trial.residentBytes)}`;
      const state = trial.readyMs === undefined ? this.clock(trial.sinceMs) : this.ready(trial.readyMs);
      const stretch = stretchUnderWay(trial.target, trial.phases);
      const doing = stretch === undefined ? '' : `  ${nameOf(locale, 'stretch', stretch)}`;
      lines.push(`${trial.name}${doing}  ${state}${memory}`);
    }
    if (this.of > 0 && !this.stopping) lines.push(this.bar());
    return lines;
  }

  /** `round 2 of 3  ▓▓▓▓▓▓▓░░░░░░░░░░░░░  0:38  about 0:25 left` */
  private bar(): string {
    const nowMs = this.now();
    const elapsedMs = nowMs - this.startedMs;
    const leftMs = this.course?.left.leftMs(nowMs);
    const share = leftMs === undefined ? this.done / this.of : elapsedMs / Math.max(1, elapsedMs + leftMs);
    const filled = Math.min(barWidth, Math.floor(share * barWidth));
    const facts = [this.place(), '▓'.repeat(filled) + '░'.repeat(barWidth - filled), minutes(elapsedMs)];
    if (leftMs !== undefined) facts.push(this.screen.say('cli.progress.left', { time: minutes(leftMs) }));
    return facts.join('  ');
  }

  /** Rounds where there are some: they say more than trials of which some are short and some long. */
  private place(): string {
    const { screen, course } = this;
    const trial = { done: Math.min(this.done + 1, this.of), of: this.of };
    if (!course || isDensity(course.plan)) return screen.say('cli.progress.trial', trial);
    if (course.round < 0) return screen.say('cli.progress.warmup');
    const round = course.round + 1;
    return screen.say('cli.progress.round', { round, of: Math.max(round, course.plan.trials) });
  }

  private clock(sinceMs: number): string {
    return `${((this.now() - sinceMs) / 1000).toFixed(1)} s`;
  }
}

/** `1:05` */
const minutes = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** Redrawing suits a terminal with a person before it; CI systems keep every byte, so they get plain lines. */
export const canRedraw = (screen: Screen, env: NodeJS.ProcessEnv): boolean => screen.isTerminal && !env.CI;
