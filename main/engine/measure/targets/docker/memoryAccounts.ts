/**
 * The memory and CPU figures of one running container: from its cgroup and /proc, wherever these are, or from the engine where nobody
 * reads them. A runtime may
 * leave it in a group that counts others too (gVisor's `--ignore-cgroups`): only the group that is called after it is believed.
 */
import type Docker from 'dockerode';
import type { Missing, TrialMemory } from '../../../../contract/run/run';
import type { Reading } from '../target';
import { cpuMs, locateCgroup, openingIn, workingSetBytes, type Cgroup } from '../../../base/process/cgroup';
import { familyCpuMs } from '../../../base/process/family';
import {
  ownFiles,
  thisMachine,
  thisPlace,
  type EnginePlace,
  type HostFiles,
  type Usual,
} from '../../../base/process/hostFiles';
import { KeptFolder } from '../../../base/process/keptFile';
import { isRefused, mappedByEither, memoryOf } from '../../../base/process/memory';
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

interface Found {
  /** its first process */
  pid: number;
  /** the group that is called after it, if any */
  named: Cgroup | undefined;
  /** CPU time of the runtime that started it */
  runtimeMs: number | undefined;
}

/** Gives one of a hierarchy's files. */
type Read = (file: string) => string;
type Counters = Record<'memory' | 'cpu', Read>;

/** A container whose processes can be seen, here or there. */
interface Seen extends Found {
  look: <T>(work: (files: HostFiles) => T | Promise<T>, usual?: Usual) => Promise<T>;
  /** the group's files, for what is read over and over on this machine */
  kept: Record<'memory' | 'cpu', KeptFolder> | undefined;
  /** what is read over and over on another one */
  usual: Usual;
  /** looked for once, when first needed: it reads every process's command line */
  helpers: () => Promise<HelperProcesses>;
}

export class MemoryAccounts {
  private readonly seen: Promise<Seen | undefined>;
  /**
   * The proxies' CPU time at the first reading. Until then they have carried only what Tare asked while it waited for the start: hundreds
   * of times of an application that is slow to answer, which is the measuring's and not the container's.
   */
  private askingMs: number | undefined;

  /**
   * @param pid   the first process as the engine numbers it; undefined once it has ended
   * @param port  the host's port that is published for it
   * @param place  where the engine's processes are
   */
  constructor(
    private readonly container: Docker.Container,
    pid: Promise<number | undefined>,
    private readonly port: number,
    private readonly reservedBytes: number,
    private readonly place: EnginePlace = thisPlace,
  ) {
    this.seen = pid.then((known) => this.find(known));
  }

  private async find(pid: number | undefined): Promise<Seen | undefined> {
    const { machine } = this.place;
    if (!pid) return undefined;
    const found = await machine.look((files) => locate(pid, this.container.id, files)).catch(() => undefined);
    if (!found) return undefined;
    const { named } = found;
    let helpers: Promise<HelperProcesses> | undefined;
    return {
      ...found,
      look: (work, usual) => machine.look(work, usual),
      kept:
        named && machine === thisMachine
          ? { memory: new KeptFolder(named.memory.folder), cpu: new KeptFolder(named.cpu.folder) }
          : undefined,
      usual: new Set(),
      helpers: () => (helpers ??= machine.look((files) => findHelperProcesses(pid, this.port, files))),
    };
  }

  private own({ pid, named }: Found, files: HostFiles): OwnProcesses {
    return ownProcesses(pid, this.container.id, named, files);
  }

  async read(): Promise<Reading> {
    const seen = await this.seen;
    if (!seen) return reading(await this.remote());
    const { named, kept } = seen;
    if (named && kept) return reading(counted(named, { memory: kept.memory.text, cpu: kept.cpu.text }));
    return seen.look((files) => reading(this.countersOf(seen, files)), seen.usual);
  }

  private countersOf(seen: Found, files: HostFiles) {
    const { named } = seen;
    if (!named)
      return { resident: () => undefined, cpu: () => familyCpuMs(this.own(seen, files).counted, files) };
    const [memory, cpu] = [named.memory, named.cpu].map(({ folder }) => openingIn(folder, files)) as [
      Read,
      Read,
    ];
    return counted(named, { memory, cpu });
  }

  /** Its processes, shim and proxies; undefined where nobody sees these. */
  async processes(): Promise<number[] | undefined> {
    const seen = await this.seen;
    if (!seen) return undefined;
    const { shim, proxies } = await seen.helpers();
    const { counted, outside } = await seen.look((files) => this.own(seen, files));
    return [...counted, ...outside, ...(shim === undefined ? [] : [shim]), ...proxies];
  }

  /** What is made of its first process; undefined where nobody sees that. */
  async ofFirst<T>(read: (pid: number, files: HostFiles) => T): Promise<T | undefined> {
    const seen = await this.seen;
    return seen?.look((files) => read(seen.pid, files));
  }

  /**
   * With its shim, the runtime that started it, and what its proxies have used since this was first called; undefined where nobody sees
   * these.
   */
  async cpuMs(): Promise<number | undefined> {
    const seen = await this.seen;
    if (!seen) return undefined;
    const helpers = await seen.helpers();
    return seen.look((files) => {
      const { group, counted, outside } = this.own(seen, files);
      const ofHelpers = helperCpuMs(helpers, files);
      this.askingMs ??= ofHelpers?.proxies;
      const parts = [
        group
          ? attempt(() => cpuMs(group, openingIn(group.cpu.folder, files))).value
          : familyCpuMs(counted, files),
        familyCpuMs(outside, files),
        seen.runtimeMs,
        ofHelpers && ofHelpers.shim + ofHelpers.proxies - (this.askingMs ?? 0),
      ];
      return parts.every((ms) => ms !== undefined) ? parts.reduce((sum, ms) => sum + ms, 0) : undefined;
    });
  }

  /** To be called when it will not be read again. */
  async close(): Promise<void> {
    const { kept } = (await this.seen) ?? {};
    kept?.memory.close();
    kept?.cpu.close();
  }

  async measure(): Promise<TrialMemory> {
    const seen = await this.seen;
    if (!seen) return this.measureRemote(this.place.reason);
    try {
      const helpers = await seen.helpers();
      return await seen.look((files) => this.measureIn(files, seen, helpers));
    } catch (error) {
      if (this.place.machine === thisMachine) throw error;
      return this.measureRemote('reader-lost');
    }
  }

  private async measureIn(
    files: HostFiles,
    seen: Found,
    { shim, proxies }: HelperProcesses,
  ): Promise<TrialMemory> {
    const { group, counted, outside } = this.own(seen, files);
    const [workload, besideGroup, ofShim, ofProxies] = await Promise.all([
      group ? groupMemory(group, counted, undefined, files) : this.withoutGroup(seen.pid, counted, files),
      outside.length > 0 ? helperMemory(outside, files) : undefined,
      helperMemory(shim === undefined ? [] : [shim], files),
      proxies.length > 0 ? helperMemory(proxies, files) : undefined,
    ]);
    const set = group && attempt(() => workingSetBytes(group, openingIn(group.memory.folder, files))).value;
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

  private async withoutGroup(first: number, pids: readonly number[], files: HostFiles): Promise<GroupMemory> {
    const processes = await memoryOf(pids, undefined, files);
    const held = () => new Map([...memoryFiles(pids), ...memoryFileSystems(first, this.container.id)]);
    // Files that processes hold open are not shown by another machine.
    const isToBeSeen = !isRefused(processes) && files === ownFiles;
    const beside = isToBeSeen ? attempt(() => beyondMappings(processes, held())).value : undefined;
    return addedUp(processes, beside, notItsOwn);
  }

  /** The engine tells a working set, and nothing of its shim: parts of a sum, and no sum. */
  private async measureRemote(reason: string): Promise<TrialMemory> {
    const { resident, isOfOthers } = await this.remote();
    const workingSetBytes = resident();
    return {
      reservedBytes: this.reservedBytes,
      ...(workingSetBytes !== undefined && { workingSetBytes }),
      parts: [],
      missing: [
        ...['workload', 'shim', 'proxies', 'fileBytes', 'pssBytes'].map((what) => ({ what, reason })),
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

/** Undefined when the process is none of that container's: the engine numbers processes of another machine. */
function locate(pid: number, id: string, files: HostFiles): Found | undefined {
  const membership = files.read(`/proc/${pid}/cgroup`);
  const named = locateCgroup(membership, files.read('/proc/self/mountinfo'), id);
  if (!named && !isStartedFor(id, pid, files)) return undefined;
  return { pid, named, runtimeMs: runtimeCpuMs(pid, files) };
}

const counted = (named: Cgroup, { memory, cpu }: Counters) => ({
  resident: () => workingSetBytes(named, memory),
  cpu: () => cpuMs(named, cpu),
});

function reading(readers: Record<'resident' | 'cpu', () => number | undefined>): Reading {
  const resident = attempt(readers.resident);
  const cpu = attempt(readers.cpu);
  return {
    ...(resident.value !== undefined && { residentBytes: resident.value }),
    ...(cpu.value !== undefined && { cpuMs: cpu.value }),
  };
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
