import type { TareEvent } from '../../contract/events';
import type { Answer } from '../../contract/failures';
import { withStep } from '../../contract/progress';
import type { JobCall, JobOutputs, JobRecord } from '../../contract/work';
import { TareError } from '../errors';

/**
 * What longer work is under way, and what ended last of each kind: a page that comes later, or comes back, is told.
 * Records are replaced and never changed, since they travel later than they are told.
 */
export class JobRecords {
  private readonly running = new Map<JobCall, JobRecord>();
  private readonly ended = new Map<JobCall, JobRecord>();
  private lastId = 0;

  constructor(private readonly emit: (event: TareEvent) => void) {}

  /** @throws {TareError} `job-under-way` when one of its kind is */
  begin<N extends JobCall>(call: N, input: JobRecord<N>['input']): JobRecord<N> {
    if (this.running.has(call)) throw new TareError({ code: 'job-under-way', call });
    this.lastId = Math.max(this.lastId + 1, Date.now());
    const record: JobRecord<N> = { id: this.lastId, call, input, steps: [] };
    this.keep(record);
    return record;
  }

  stopping(call: JobCall): void {
    const record = this.running.get(call);
    if (record) this.keep({ ...record, stopping: true });
  }

  end<N extends JobCall>(call: N, answer: Answer<JobOutputs[N]>): void {
    const record = this.running.get(call);
    if (!record) return;
    const job = { ...record, answer };
    this.running.delete(call);
    this.ended.set(call, job);
    this.emit({ kind: 'job', job });
  }

  /** Takes what the work under way tells of itself. */
  note(event: TareEvent): void {
    if (event.kind === 'workflow') this.change('workflow', () => ({ followed: event.report }));
    if (event.kind !== 'progress' || event.call === undefined) return;
    const { call, progress } = event;
    this.change(call, ({ steps }) => ({ steps: withStep(steps, progress) }));
  }

  /** In the order in which they began. */
  all(): JobRecord[] {
    return [...this.ended.values(), ...this.running.values()].sort((a, b) => a.id - b.id);
  }

  private keep(record: JobRecord): void {
    this.running.set(record.call, record);
    this.emit({ kind: 'job', job: record });
  }

  /** @param call  may also be a call that is no longer work, of which nothing is kept */
  private change(call: JobCall, change: (record: JobRecord) => Partial<JobRecord>): void {
    const record = this.running.get(call);
    if (record) this.running.set(call, { ...record, ...change(record) });
  }
}
