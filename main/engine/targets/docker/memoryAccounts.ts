/**
 * The memory and CPU figures of one running container: from its cgroup and /proc, or from the engine where it is not local. A runtime may
 * leave it in a group that counts others too (gVisor's `--ignore-cgroups`): only the group that is called after it is believed.
 */
import type Docker from 'dockerode';
import { readFileSync } from 'node:fs';
import type { Missing, TrialMemory } from '../../../contract/run/run';
import type { Reading } from '../target';
import { cpuMs, locateCgroup, workingSetBytes, type Cgroup } from '../../process/cgroup';
import { familyCpuMs } from '../../process/family';
import { KeptFolder } from '../../process/keptFile';
import { isRefused, mappedByEither, memoryOf } from '../../process/memory';
import { addedUp, details, fileFigures, groupMemory, type GroupMemory } from '../memory';
import {
  helperCpuMs,
  findHelperProcesses,
  helperMemory,
  runtimeCpuMs,
  type HelperMemory,
  type HelperProcesses,
} from './helperProcesses';
import { beyondMappings, memoryFiles, memoryFileSystems } from './memoryFiles';
import { isStartedFor, ownProcesses, type OwnProcesses } from './ownProcesses';
import { isOfOthersToo, oneShot, statisticsCpuMs, statisticsWorkingSetBytes } from './statistics';

/** Why there are no figures that only a control group of its own could give. */
const notItsOwn = 'cgroup-not-own';

interface Named {
  cgroup: Cgroup;
  /** the cgroup's files, for what is read over and over */
  kept: Record<'memory' | 'cpu', KeptFolder>;
}

interface Local {
  /** its first process */
  pid: number;
  /** the group that is called after it, if any */
  named: Named | undefined;
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
      const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
      const cgroup = locateCgroup(membership, mountinfo, this.container.id);
      if (!cgroup && !isStartedFor(this.container.id, pid)) return undefined;
      let found: HelperProcesses | undefined;
      return {
        pid,
        named: cgroup && {
          cgroup,
          kept: { memory: new KeptFolder(cgroup.memory.folder), cpu: new KeptFolder(cgroup.cpu.folder) },
        },
        runtimeMs: runtimeCpuMs(pid),
        helpers: () => (found ??= findHelperProcesses(pid, this.port)),
      };
    } catch {
      return undefined; // not Linux, or the process lives on another machine
    }
  }

  private own({ pid, named }: Local): OwnProcesses {
    return ownProcesses(pid, this.container.id, named?.cgroup);
  }

  async read(): Promise<Reading> {
    const local = await this.local;
    const readers = local ? this.readersOf(local) : await this.remote();
    const resident = attempt(readers.resident);
    const cpu = attempt(readers.cpu);
    return {
      ...(resident.value !== undefined && { residentBytes: resident.value }),
      ...(cpu.value !== undefined && { cpuMs: cpu.value }),
    };
  }

  private readersOf(local: Local) {
    const { named } = local;
    if (!named) return { resident: () => undefined, cpu: () => familyCpuMs(this.own(local).counted) };
    return {
      resident: () => workingSetBytes(named.cgroup, named.kept.memory.text),
      cpu: () => cpuMs(named.cgroup, named.kept.cpu.text),
    };
  }

  /** Its processes, shim and proxies; undefined where these are no processes of this machine. */
  async processes(): Promise<number[] | undefined> {
    const local = await this.local;
    if (!local) return undefined;
    const { shim, proxies } = local.helpers();
    const { counted, outside } = this.own(local);
    return [...counted, ...outside, ...(shim === undefined ? [] : [shim]), ...proxies];
  }

  /** Its first process; undefined where that is none of this machine. */
  async first(): Promise<number | undefined> {
    return (await this.local)?.pid;
  }

  /** With its shim, the runtime that started it, and its proxies; undefined where these are no processes of this machine. */
  async cpuMs(): Promise<number | undefined> {
    const local = await this.local;
    if (!local) return undefined;
    const { group, counted, outside } = this.own(local);
    const parts = [
      group ? attempt(() => cpuMs(group)).value : familyCpuMs(counted),
      familyCpuMs(outside),
      local.runtimeMs,
      helperCpuMs(local.helpers()),
    ];
    return parts.every((ms) => ms !== undefined) ? parts.reduce((sum, ms) => sum + ms, 0) : undefined;
  }

  /** To be called when it will not be read again. */
  async close(): Promise<void> {
    const { kept } = (await this.local)?.named ?? {};
    kept?.memory.close();
    kept?.cpu.close();
  }

  async measure(): Promise<TrialMemory> {
    const local = await this.local;
    if (!local) return this.measureRemote();
    const { shim, proxies } = local.helpers();
    const { group, counted, outside } = this.own(local);
    const [workload, besideGroup, ofShim, ofProxies] = await Promise.all([
      group ? groupMemory(group, counted) : this.withoutGroup(local.pid, counted),
      outside.length > 0 ? helperMemory(outside) : undefined,
      helperMemory(shim === undefined ? [] : [shim]),
      proxies.length > 0 ? helperMemory(proxies) : undefined,
    ]);
    const set = group && attempt(() => workingSetBytes(group)).value;
    const { missing, ...sum } = account(besideGroup ? withOutside(workload, besideGroup) : workload, {
      shim: ofShim,
      ...(ofProxies && { proxies: ofProxies }),
    });
    return {
      reservedBytes: this.reservedBytes,
      ...(set !== undefined && { workingSetBytes: set }),
      ...sum,
      missing: group ? missing : [...missing, { what: 'workingSetBytes', reason: notItsOwn }],
    };
  }

  private async withoutGroup(first: number, pids: readonly number[]): Promise<GroupMemory> {
    const processes = await memoryOf(pids);
    const held = () => new Map([...memoryFiles(pids), ...memoryFileSystems(first, this.container.id)]);
    const beside = isRefused(processes) ? undefined : attempt(() => beyondMappings(processes, held())).value;
    return addedUp(processes, beside, notItsOwn);
  }

  /** The engine tells a working set, and nothing of its shim: parts of a sum, and no sum. */
  private async measureRemote(): Promise<TrialMemory> {
    const { resident, isOfOthers } = await this.remote();
    const workingSetBytes = resident();
    return {
      reservedBytes: this.reservedBytes,
      ...(workingSetBytes !== undefined && { workingSetBytes }),
      parts: [],
      missing: [
        ...['workload', 'shim', 'proxies', 'fileBytes', 'pssBytes'].map((what) => ({
          what,
          reason: 'engine-elsewhere',
        })),
        ...(isOfOthers ? [{ what: 'workingSetBytes', reason: notItsOwn }] : []),
      ],
    };
  }

  private async remote() {
    const stats = await oneShot(this.container).catch(() => undefined);
    const isOfOthers = stats !== undefined && isOfOthersToo(stats, this.reservedBytes);
    const told = isOfOthers ? undefined : stats;
    return {
      isOfOthers,
      resident: () => told && statisticsWorkingSetBytes(told),
      cpu: () => told && statisticsCpuMs(told),
    };
  }
}

/** Pure: a container's group, and with it those of its processes that are in another one. */
export function withOutside(group: GroupMemory, outside: HelperMemory): GroupMemory {
  const { own, inside, files } = group;
  if (isRefused(own)) return group;
  if (isRefused(outside)) return { ...group, own: outside, inside: [], files: outside };
  const together = {
    ...group,
    own: { bytes: own.bytes + outside.bytes },
    inside: inside.map(({ part, bytes }) => ({
      part,
      bytes: part === 'application' ? bytes + outside.bytes : bytes,
    })),
  };
  if ('instead' in outside) {
    const reason = outside.instead;
    const missing = [...group.missing, { what: 'workload-mappings', reason }];
    return { ...together, files: { reason }, missing };
  }
  if (isRefused(files)) return together;
  return { ...together, files: { ...files, mapped: mappedByEither(files.mapped, outside.mapped) } };
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
