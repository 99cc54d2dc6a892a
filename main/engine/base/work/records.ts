import type { TareEvent } from '../../../contract/events';
import type { Answer } from '../../../contract/failures';
import { progressTold } from '../../../contract/fleet/told';
import { withStep } from '../../../contract/work/progress';
import type { RunId } from '../../../contract/run/run';
import type { WorkInputs, WorkKind, WorkOutputs, WorkRecord } from '../../../contract/work/work';

/**
 * What work is under way, and what ended last of each kind: a page that comes later, or comes back, is told.
 * Records are replaced and never changed, since they travel later than they are told.
 */
export class WorkRecords {
  private readonly underWay = new Map<WorkKind, WorkRecord>();
  private readonly ended = new Map<WorkKind, WorkRecord>();
  private lastId = 0;

  constructor(private readonly emit: (event: TareEvent) => void) {}

  /** One of its kind that is under way would be forgotten: the caller has seen that there is none. */
  begin<K extends WorkKind>(kind: K, input: WorkInputs[K], run?: RunId): WorkRecord<K> {
    this.lastId = Math.max(this.lastId + 1, Date.now());
    const record: WorkRecord<K> = {
      id: this.lastId,
      kind,
      ...(run !== undefined && { run }),
      input,
      steps: [],
    };
    this.keep(record);
    return record;
  }

  stopping(kind: WorkKind): void {
    const record = this.underWay.get(kind);
    if (record) this.keep({ ...record, stopping: true });
  }

  end<K extends WorkKind>(kind: K, answer: Answer<WorkOutputs[K]>): void {
    const record = this.underWay.get(kind);
    if (!record) return;
    const work = { ...record, answer };
    this.underWay.delete(kind);
    this.ended.set(kind, work);
    this.emit({ kind: 'work', work });
  }

  /** Takes what the work under way tells of itself. */
  note(event: TareEvent): void {
    if (event.kind === 'workflow') this.change('workflow', () => ({ followed: event.report }));
    if (event.kind === 'hosts-started') this.change('run', () => ({ hosts: event.hosts }));
    if (event.host !== undefined) return this.noteOfHost(event.host, event);
    if (event.kind !== 'progress') return;
    const kind = event.run === undefined ? event.job : 'run';
    if (kind) this.change(kind, ({ steps }) => ({ steps: withStep(steps, event.progress) }));
  }

  private noteOfHost(name: string, event: TareEvent): void {
    const told = progressTold(event);
    if (!told) return;
    this.change('run', ({ hosts = [] }) => ({
      hosts: hosts.map((host) => (host.name === name ? { ...host, ...told } : host)),
    }));
  }

  /** In the order in which they began. */
  all(): WorkRecord[] {
    return [...this.ended.values(), ...this.underWay.values()].sort((a, b) => a.id - b.id);
  }

  private keep(record: WorkRecord): void {
    this.underWay.set(record.kind, record);
    this.emit({ kind: 'work', work: record });
  }

  private change(kind: WorkKind, change: (record: WorkRecord) => Partial<WorkRecord>): void {
    const record = this.underWay.get(kind);
    if (record) this.underWay.set(kind, { ...record, ...change(record) });
  }
}
