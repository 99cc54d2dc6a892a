/** `tare run --events`: what happens, as lines of JSON on standard output, for programs. */
import { version } from '../../../package.json';
import type { TareEvent } from '../../contract/events';
import type { Failure } from '../../contract/failures';
import { isOfHosts, type RunRecord } from '../../contract/record';
import type { RunId } from '../../contract/run/run';
import { aliveEveryMs, streamedEvent, streamVersion, type StreamLine } from '../../contract/run/stream';
import { batches } from '../batches';
import type { Screen } from './terminal/screen';

/** Samples of a quarter of a second become one line. */
const periodMs = 250;

export class EventStream {
  private hasBegun = false;
  private early: TareEvent[] = [];
  private alive: NodeJS.Timeout | undefined;
  private readonly waiting = batches((events) => this.write(events), periodMs);

  constructor(private readonly out: Screen) {}

  /** Writes the first line; what was told before it follows. @param run  absent where none could begin */
  begin(run?: RunId): void {
    this.hasBegun = true;
    this.alive = setInterval(() => this.line({ kind: 'alive' }), aliveEveryMs).unref();
    this.line({ kind: 'start', schemaVersion: streamVersion, version, ...(run !== undefined && { run }) });
    this.write(this.early);
    this.early = [];
  }

  take(event: TareEvent): void {
    const line = streamedEvent(event);
    if (line) this.waiting.push(line);
  }

  /** That a stop was asked for is seen by the run's end. */
  stop(): void {}

  record(record: RunRecord): void {
    this.end();
    this.line({ kind: 'record', ...(isOfHosts(record) ? { fleet: record } : { run: record }) });
    clearInterval(this.alive);
  }

  /** Ends it without a record. */
  fail(failure: Failure): void {
    if (!this.hasBegun) this.begin();
    this.end();
    this.line({ kind: 'failure', failure });
    clearInterval(this.alive);
  }

  /** Writes what waits; nothing is taken any more. */
  end(): void {
    this.waiting.end();
  }

  private write(events: TareEvent[]): void {
    if (this.hasBegun) events.forEach((event) => this.line(event));
    else this.early.push(...events);
  }

  private line(value: StreamLine | TareEvent): void {
    this.alive?.refresh();
    this.out.json(value, 0);
  }
}

/** How a run is followed by a program. */
export interface Following {
  stream: EventStream;
  /** resolves once whoever gave the plan has left */
  left?: Promise<void> | undefined;
}
