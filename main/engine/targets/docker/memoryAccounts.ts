/** The memory and CPU figures of one running container: from its cgroup and /proc, or from the engine where it is not local. */
import type Docker from 'dockerode';
import { readFileSync } from 'node:fs';
import type { Missing, TrialMemory } from '../../../contract/run/run';
import type { Reading } from '../target';
import { cpuMs, locateCgroup, processesOf, workingSetBytes, type Cgroup } from '../../process/cgroup';
import { KeptFolder } from '../../process/keptFile';
import { isRefused } from '../../process/memory';
import { details, fileFigures, groupMemory, type GroupMemory } from '../memory';
import {
  helperCpuMs,
  findHelperProcesses,
  helperMemory,
  runtimeCpuMs,
  type HelperMemory,
  type HelperProcesses,
} from './helperProcesses';
import { oneShot, statisticsCpuMs, statisticsWorkingSetBytes } from './statistics';

interface Local {
  cgroup: Cgroup;
  /** the cgroup's files, for what is read over and over */
  kept: Record<'memory' | 'cpu', KeptFolder>;
  /** CPU time of the runtime that started it */
  runtimeMs: number | undefined;
  /** looked for once, when first needed: it reads every process's command line */
  helpers: () => HelperProcesses;
}

export class MemoryAccounts {
  private readonly local: Promise<Local | undefined>;

  /**
   * @param pid   the first process as the engine numbers it; undefined once it has ended
   * @param port  the host's port that is published for it
   */
  constructor(
    private readonly container: Docker.Container,
    pid: Promise<number | undefined>,
    private readonly port: number,
    private readonly reservedBytes: number,
  ) {
    this.local = pid.then((known) => this.locate(known));
  }

  private locate(pid: number | undefined): Local | undefined {
    if (!pid) return undefined;
    try {
      const membership = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
      const cgroup = locateCgroup(
        membership,
        readFileSync('/proc/self/mountinfo', 'utf8'),
        this.container.id,
      );
      let found: HelperProcesses | undefined;
      return (
        cgroup && {
          cgroup,
          kept: { memory: new KeptFolder(cgroup.memory.folder), cpu: new KeptFolder(cgroup.cpu.folder) },
          runtimeMs: runtimeCpuMs(pid),
          helpers: () => (found ??= findHelperProcesses(pid, this.port)),
        }
      );
    } catch {
      return undefined; // not Linux, or the process lives on another machine
    }
  }

  async read(): Promise<Reading> {
    const local = await this.local;
    const readers = local
      ? {
          resident: () => workingSetBytes(local.cgroup, local.kept.memory.text),
          cpu: () => cpuMs(local.cgroup, local.kept.cpu.text),
        }
      : await this.remote();
    const resident = attempt(readers.resident);
    const cpu = attempt(readers.cpu);
    return {
      ...(resident.value !== undefined && { residentBytes: resident.value }),
      ...(cpu.value !== undefined && { cpuMs: cpu.value }),
    };
  }

  /** Its processes, shim and proxies; undefined where these are no processes of this machine. */
  async processes(): Promise<number[] | undefined> {
    const local = await this.local;
    if (!local) return undefined;
    const { shim, proxies } = local.helpers();
    return [...processesOf(local.cgroup), ...(shim === undefined ? [] : [shim]), ...proxies];
  }

  /** With its shim, the runtime that started it, and its proxies; undefined where these are no processes of this machine. */
  async cpuMs(): Promise<number | undefined> {
    const local = await this.local;
    if (!local) return undefined;
    const parts = [attempt(() => cpuMs(local.cgroup)).value, local.runtimeMs, helperCpuMs(local.helpers())];
    return parts.every((ms) => ms !== undefined) ? parts.reduce((sum, ms) => sum + ms, 0) : undefined;
  }

  /** To be called when it will not be read again. */
  async close(): Promise<void> {
    const { kept } = (await this.local) ?? {};
    kept?.memory.close();
    kept?.cpu.close();
  }

  async measure(): Promise<TrialMemory> {
    const local = await this.local;
    if (!local) return this.measureRemote();
    const { shim, proxies } = local.helpers();
    const [group, ofShim, ofProxies] = await Promise.all([
      groupMemory(local.cgroup, processesOf(local.cgroup)),
      helperMemory(shim === undefined ? [] : [shim]),
      proxies.length > 0 ? helperMemory(proxies) : undefined,
    ]);
    const set = attempt(() => workingSetBytes(local.cgroup)).value;
    return {
      reservedBytes: this.reservedBytes,
      ...(set !== undefined && { workingSetBytes: set }),
      ...account(group, { shim: ofShim, ...(ofProxies && { proxies: ofProxies }) }),
    };
  }

  /** The engine tells a working set, and nothing of its shim: parts of a sum, and no sum. */
  private async measureRemote(): Promise<TrialMemory> {
    const workingSetBytes = (await this.remote()).resident();
    return {
      reservedBytes: this.reservedBytes,
      ...(workingSetBytes !== undefined && { workingSetBytes }),
      parts: [],
      missing: ['workload', 'shim', 'proxies', 'fileBytes', 'pssBytes'].map((what) => ({
        what,
        reason: 'engine-elsewhere',
      })),
    };
  }

  private async remote() {
    const stats = await oneShot(this.container).catch(() => undefined);
    return {
      resident: () => stats && statisticsWorkingSetBytes(stats),
      cpu: () => stats && statisticsCpuMs(stats),
    };
  }
}

/** Adds the parts up. Without all of them there is no sum, and what cannot be read is named. */
export function account(
  group: GroupMemory,
  helpers: { shim: HelperMemory; proxies?: HelperMemory },
): Omit<TrialMemory, 'reservedBytes' | 'workingSetBytes'> {
  const figures = { workload: group.own, ...helpers };
  const unread: Missing[] = [...group.missing];
  const parts: TrialMemory['parts'] = [];
  for (const [part, figure] of Object.entries(figures) as [keyof typeof figures, HelperMemory][]) {
    if (isRefused(figure)) unread.push({ what: part, reason: figure.reason });
    else parts.push({ part, bytes: figure.bytes });
    if ('instead' in figure) unread.push({ what: `${part}-mappings`, reason: figure.instead });
  }
  const { processes, files } = group;
  if (isRefused(processes)) unread.push({ what: 'pssBytes', reason: processes.reason });
  const mapped = Object.values(helpers).map((one) => ('mapped' in one ? one.mapped : undefined));
  const isWhole = mapped.every((one) => one !== undefined);
  if (isRefused(files)) unread.push({ what: 'fileBytes', reason: files.reason });
  else if (!isWhole) unread.push({ what: 'fileBytes', reason: 'EACCES' });
  return {
    ...(parts.length === Object.keys(figures).length && {
      hostBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    ...(!isRefused(processes) && details(processes)),
    ...(!isRefused(files) && isWhole && fileFigures(files, ...mapped)),
    ...(group.inside.length > 0 && { inside: group.inside }),
    parts,
    missing: unread,
  };
}

type Attempt<T> = { value: T; reason?: never } | { value: undefined; reason: string };

function attempt<T>(read: () => T | undefined): Attempt<T> {
  try {
    const value = read();
    return value === undefined ? { value: undefined, reason: 'ENODATA' } : { value };
  } catch (error) {
    return { value: undefined, reason: (error as NodeJS.ErrnoException).code ?? 'ENODATA' };
  }
}
