import type { TareEvent } from '../../../contract/events';
import type { HostStage } from '../../../contract/fleet/host';
import type { HostProgress } from '../../../contract/fleet/progress';
import { progressTold } from '../../../contract/fleet/told';
import { explain, say } from '../../../contract/messages';
import type { Plan } from '../../../contract/plan';
import { TimeLeft } from '../../../contract/run/timeLeft';
import { padded, widthOf } from '../terminal/layout';
import { LiveArea } from '../terminal/liveArea';
import type { Screen, Tone } from '../terminal/screen';

interface Host extends HostProgress {
  left: TimeLeft;
}

const ends: Partial<Record<HostStage, [string, Tone]>> = {
  ok: ['✓', 'good'],
  failed: ['✗', 'bad'],
  stopped: ['!', 'warn'],
};

/**
 * Tells how far each host of a run is. On a terminal a line for each that is under way is redrawn in place, and one stays for each that is
 * over; elsewhere a line tells each step of each.
 */
export class HostsProgress {
  private readonly hosts = new Map<string, Host>();
  private readonly live: LiveArea | undefined;
  private plan: Plan | undefined;

  constructor(
    private readonly screen: Screen,
    live: boolean,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.live = live ? new LiveArea(screen, () => this.lines()) : undefined;
  }

  take(event: TareEvent): void {
    if (event.kind === 'hosts-started') {
      this.plan = event.plan;
      for (const host of event.hosts) this.hosts.set(host.name, { ...host, left: new TimeLeft(event.plan) });
      return;
    }
    if (event.kind === 'run-ended' && event.host === undefined) return this.end();
    if (event.host === undefined) return this.takeOwn(event);
    const host = this.hosts.get(event.host);
    if (!host) return;
    if (event.kind === 'warning')
      this.tell(this.line(host, say(this.screen.locale, event.text), ['!', 'warn']));
    if (event.kind === 'trial-started') host.left.started(event, this.now());
    if (event.kind === 'trial-ended') host.left.ended(event.trial);
    const told = progressTold(event);
    if (!told) return;
    Object.assign(host, told);
    if (event.kind === 'host') this.takeStage(host);
    // ssh may ask a person meanwhile, whose answer nothing may draw over
    if ([...this.hosts.values()].every(({ stage }) => stage !== undefined && stage !== 'connecting'))
      this.live?.refresh();
  }

  /** What is done here before any host is asked: an image is built. */
  private takeOwn(event: TareEvent): void {
    if (event.kind !== 'progress' || event.progress.state === 'moving') return;
    const { step, subject, state } = event.progress;
    this.tell(
      `${state === 'done' ? this.screen.tone('good', '✓') : '…'} ${this.screen.say(`step.${step}`)}  ${subject}`,
    );
  }

  private takeStage(host: Host): void {
    const { stage, failure } = host;
    const end = stage && ends[stage];
    if (!end && this.live) return;
    const what = failure && stage === 'failed' ? explain(this.screen.locale, failure).what : this.words(host);
    this.tell(this.line(host, what, end ?? ['…', 'dim']));
  }

  /** Says that a stop was asked for, so that a person who waits knows why. */
  stop(): void {
    this.tell(`${this.screen.tone('warn', '!')} ${this.screen.say('cli.stopping')}`);
  }

  end(): void {
    this.live?.end();
  }

  private tell(line: string): void {
    if (this.live) this.live.above(line);
    else this.screen.line(line);
  }

  private line({ name }: Host, what: string, [mark, tone]: [string, Tone]): string {
    const widest = Math.max(...[...this.hosts.keys()].map(widthOf));
    return `${this.screen.tone(tone, mark)} ${name}${' '.repeat(widest - widthOf(name))}  ${what}`;
  }

  private words({ stage, version, trials, left }: Host): string {
    if (stage === undefined) return this.screen.say('cli.hosts.waiting');
    const facts = [this.screen.say(`hosts.stage.${stage}`)];
    if (version !== undefined && stage === 'checking') facts.push(`Tare ${version}`);
    if (trials) facts.push(this.screen.say('cli.hosts.trials', trials));
    const leftMs = this.plan && stage === 'measuring' ? left.leftMs(this.now()) : undefined;
    if (leftMs !== undefined) facts.push(this.screen.say('cli.progress.left', { time: { ms: leftMs } }));
    return facts.join('  ');
  }

  /** Those under way, and a sum where there are more than a terminal has room for. */
  private lines(): string[] {
    const under = [...this.hosts.values()].filter(({ stage }) => !stage || !ends[stage]);
    const over = this.hosts.size - under.length;
    const names = padded(under.map(({ name }) => name));
    const shown = under.slice(0, mostShown).map((host, at) => `${names[at]!}  ${this.words(host)}`);
    return under.length > mostShown || over > 0
      ? [...shown, this.screen.say('cli.hosts.over', { over, of: this.hosts.size })]
      : shown;
  }
}

const mostShown = 7;
