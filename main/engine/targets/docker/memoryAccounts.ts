/** The memory and CPU figures of one running container: from its cgroup and /proc, or from the engine where it is not local. */
import type Docker from 'dockerode';
import { readFileSync } from 'node:fs';
import type { TrialMemory } from '../../../contract/run/run';
import type { Reading } from '../target';
import {
  helperCpuMs,
  findHelperProcesses,
  runtimeCpuMs,
  shareOfAll,
  type HelperProcesses,
  type MemoryFigure,
} from './helperProcesses';
import { KeptFolder } from '../../process/keptFile';
import { pageTableBytes } from '../../process/proc';
import { shareOf, sharesOfAll, sharing, type Share } from '../../process/shares';
import { cpuMs, locateCgroup, partsOf, processesOf, workingSetBytes, type Cgroup } from './cgroup';
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
    const set = attempt(() => workingSetBytes(local.cgroup));
    const [processes, shimPss, proxyPss] = await Promise.all([
      sharesOfAll(processesOf(local.cgroup)),
      shareOfAll(shim === undefined ? [] : [shim]),
      shareOfAll(proxies),
    ]);
    const figures: [string, MemoryFigure][] = [
      ['workload', set.value === undefined ? { reason: set.reason } : { bytes: set.value }],
      ['shim', shimPss],
      ...(proxies.length > 0 ? [['proxies', proxyPss] as [string, MemoryFigure]] : []),
    ];
    return {
      ...account(this.reservedBytes, figures, processes),
      ...(await consistsOf(local.cgroup, shim, proxies)),
    };
  }

  private async measureRemote(): Promise<TrialMemory> {
    const { resident } = await this.remote();
    const bytes = resident();
    const workload: MemoryFigure = bytes === undefined ? { reason: 'ENODATA' } : { bytes };
    const elsewhere = { reason: 'engine-elsewhere' };
    return account(
      this.reservedBytes,
      [
        ['workload', workload],
        ['shim', elsewhere],
        ['proxies', elsewhere],
      ],
      elsewhere,
    );
  }

  private async remote() {
    const stats = await oneShot(this.container).catch(() => undefined);
    return {
      resident: () => stats && statisticsWorkingSetBytes(stats),
      cpu: () => stats && statisticsCpuMs(stats),
    };
  }
}

/** What the parts consist of, and what of them the kernel could drop. What cannot be read is left out. */
async function consistsOf(
  cgroup: Cgroup,
  shim: number | undefined,
  proxies: number[],
): Promise<Pick<TrialMemory, 'inside' | 'reclaimableBytes' | 'pageTableBytes'>> {
  const own = attempt(() => partsOf(cgroup)).value;
  if (own === undefined) return {};
  const helpers = [...(shim === undefined ? [] : [shim]), ...proxies];
  const shares = await Promise.all(helpers.map(shareOf));
  const tables = [...helpers, ...(own.countsPageTables ? [] : processesOf(cgroup))].map(pageTableBytes);
  const sum = (values: (number | undefined)[]) => values.reduce<number>((all, one) => all + (one ?? 0), 0);
  const { applicationBytes, activeFileBytes, kernelBytes } = own;
  return {
    reclaimableBytes: activeFileBytes + sum(shares.map((share) => share?.fileBytes)),
    pageTableBytes: sum(tables),
    inside: [
      { part: 'application', bytes: applicationBytes },
      { part: 'file-cache', bytes: activeFileBytes },
      ...(kernelBytes === undefined ? [] : [{ part: 'kernel-memory' as const, bytes: kernelBytes }]),
    ],
  };
}

/** Adds the parts up. Without the workload's own part there is no sum; a smaller one that is missing is named. */
export function account(
  reservedBytes: number,
  figures: [string, MemoryFigure][],
  processes: Share | { reason: string },
): TrialMemory {
  const parts = figures.flatMap(([part, figure]) =>
    'bytes' in figure ? [{ part: part as TrialMemory['parts'][number]['part'], bytes: figure.bytes }] : [],
  );
  const workload = parts.find(({ part }) => part === 'workload')?.bytes;
  const unread: [string, MemoryFigure | Share][] = [...figures, ['pssBytes', processes]];
  return {
    reservedBytes,
    ...(workload !== undefined && {
      hostBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      workingSetBytes: workload,
    }),
    ...('pssBytes' in processes && { pssBytes: processes.pssBytes, ...sharing(processes) }),
    parts,
    missing: unread.flatMap(([what, figure]) => {
      if ('reason' in figure) return [{ what, reason: figure.reason }];
      const instead = 'instead' in figure ? figure.instead : undefined;
      return instead === undefined ? [] : [{ what: `${what}-pss`, reason: instead }];
    }),
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
