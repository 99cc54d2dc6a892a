/** The cheap counters of processes that are watched: resident set and CPU time, from files that stay open. */
import { tickedWholeCpuMs } from './cpu';
import { KeptFile } from './keptFile';
import { fieldsOf, residentBytes } from './proc';

interface Counters {
  residentBytes: number;
  cpuMs: number;
}

/** Of one process. */
export class ProcessCounters {
  private readonly statm: KeptFile;
  private readonly stat: KeptFile;

  constructor(pid: number) {
    this.statm = new KeptFile(`/proc/${pid}/statm`);
    this.stat = new KeptFile(`/proc/${pid}/stat`);
  }

  /** CPU time, that of the children it has waited for included, to a tick of 10 ms. Undefined when the process is gone. */
  read(): Counters | undefined {
    try {
      return {
        residentBytes: residentBytes(this.statm.text()),
        cpuMs: tickedWholeCpuMs(fieldsOf(this.stat.text())),
      };
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.statm.close();
    this.stat.close();
  }
}

/** Of several, whoever they are at the moment. */
export class FamilyCounters {
  private readonly open = new Map<number, ProcessCounters>();

  /** Added up: pages that several share are counted for each. Undefined when none of them is there. */
  read(pids: number[]): Counters | undefined {
    for (const [pid, counters] of this.open) if (!pids.includes(pid)) this.leave(pid, counters);
    const all = pids.flatMap((pid) => this.of(pid).read() ?? []);
    if (all.length === 0) return undefined;
    return all.reduce((sum, one) => ({
      residentBytes: sum.residentBytes + one.residentBytes,
      cpuMs: sum.cpuMs + one.cpuMs,
    }));
  }

  private of(pid: number): ProcessCounters {
    const known = this.open.get(pid) ?? new ProcessCounters(pid);
    this.open.set(pid, known);
    return known;
  }

  private leave(pid: number, counters: ProcessCounters): void {
    counters.close();
    this.open.delete(pid);
  }

  close(): void {
    for (const [pid, counters] of this.open) this.leave(pid, counters);
  }
}
