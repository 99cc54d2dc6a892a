import type { Ready } from '../../images/image/facts';
import type { OpenFiles } from '../../base/process/limits';
import type { RunScope } from '../../base/scope';
import type { Limits } from '../../../contract/plan';
import type { TargetId } from '../../../contract/targets';
import type { Accelerator, DiskFacts, TrialDisk, TrialMemory, PhaseName } from '../../../contract/run/run';

/** Stamps a phase with the host's monotonic clock, or with `atMs` when the instant was seen earlier (ms of performance.now()). */
export type Mark = (phase: PhaseName, atMs?: number) => void;

/** A way to run an image. */
export interface Target {
  readonly id: TargetId;
  /** @throws {TareError} why it cannot be used here */
  check(signal: AbortSignal): Promise<void>;
  /** everything slow that trials share: disk made, accelerator probed. Never part of a start. */
  prepare(ready: Ready, scope: RunScope): Promise<Prepared>;
  /** the same for workloads that are to be in one machine, in their order; absent where each has a place of its own */
  prepareTogether?(all: readonly Ready[], scope: RunScope): Promise<Prepared[]>;
}

/** A network of a group of instances, in which they reach each other by name. Disposing of it removes it; they are to be gone by then. */
export interface GroupNetwork extends AsyncDisposable {
  /** what the target knows it by */
  readonly name: string;
}

/** A machine in which a group of instances is. Disposing of it ends it by force, with all that is in it. */
export interface SharedMachine extends AsyncDisposable {
  /** of all of it */
  read(): Promise<Reading>;
  cpuMs(): Promise<number | undefined>;
  /** of all of it: what its instances measure is part of this */
  measure(): Promise<TrialMemory>;
  /** Starts one of the workloads that it was prepared for, as `Prepared.start` does; each once. */
  start(workload: string, mark: Mark, scope: RunScope): Promise<Instance>;
  /** see Instance.stop; with all that is still up in it */
  stop(): Promise<'polite' | 'forced' | 'by-itself'>;
}

/** A workload that this target can start at once, any number of times. */
export interface Prepared {
  /** what is run, word by word; a VM's line can be pasted into a shell */
  readonly commandLine: string[];
  readonly accelerator?: Accelerator;
  /** somebody's own disk that instances are started from; absent where they are an image's */
  readonly disk?: DiskFacts;
  /** CPU time in ms, so far, of daemons that all instances share and that work for a start; absent where there are none to be seen */
  engineCpuMs?(): number | undefined;
  /**
   * Starts one instance. The caller owns it: disposing of it stops it by force and removes everything it had.
   * Marks phases as they happen; the caller has marked `start` and will mark `ready`.
   * Resolves as soon as it makes sense to probe the application; the application need not listen yet.
   * @param network  that of its group, where one was opened
   */
  start(limits: Limits, mark: Mark, scope: RunScope, network?: GroupNetwork): Promise<Instance>;
  /**
   * files and folders of this computer that a start reads: the image, as it is kept for this target, and what a machine boots or is
   * resumed from. No part of it are the programs that run it: the engine, its runtime, QEMU.
   * @throws {TareError} `not-cold` where they are not to be had
   */
  reads(): Promise<string[]>;
  /** opens a network for a group, any of whose workloads may be asked; absent where instances need none to reach each other, or cannot */
  openNetwork?(scope: RunScope): Promise<GroupNetwork>;
  /**
   * Starts the machine that the instances of a group are in; any workload that was prepared together may be asked. The caller owns it,
   * and has marked `start`. Absent where each has a place of its own. `start` begins one with its instance alone.
   */
  openMachine?(mark: Mark, scope: RunScope): Promise<SharedMachine>;
  /** removes what was made for these instances alone; absent where there is nothing of it. None is started afterwards */
  readonly release?: () => Promise<void>;
}

/** Cheap counters, read up to ten times a second; a field that cannot be read is absent. */
export interface Reading {
  /** container: working set; VM: resident set */
  residentBytes?: number;
  /** CPU time since the instance began; container: its cgroup alone, without what `Instance.cpuMs` adds */
  cpuMs?: number;
}

export interface Ending {
  /** `exit 3`, `signal SIGKILL`, `out of memory` … */
  exit: string;
  /** the last of what it printed */
  output: string;
}

/** A figure in bytes, or the reason why there is none. */
export type Left = { bytes: number } | { reason: string };

/** What of an instance is still there. Taken while it runs; asked when it has been stopped, and when it has been deleted. */
export interface Remains {
  /** in memory: its processes, and what runs for it alone; 0 when none of those that were seen exists any more */
  memory(): Promise<Left>;
  /** on disk, of it alone */
  disk(): Promise<Left>;
}

/** One running instance of a workload. */
export interface Instance extends AsyncDisposable {
  /** where the host reaches the application */
  readonly host: string;
  readonly port: number;
  /**
   * resolves when its network is up: before that nobody can be asked; never rejects. Absent where there is one as soon as it is started
   */
  readonly reachable?: Promise<void>;
  /** resolves when the instance ends before anyone asked it to; never rejects */
  readonly ended: Promise<Ending>;
  read(): Promise<Reading>;
  /**
   * CPU time since the instance began of all that works for it alone: a container's processes with its shim and what its
   * port proxies have used since the first reading, or QEMU with its user-mode network. Undefined where a part of it cannot be read: a
   * sum of some would make one side look cheaper.
   */
  cpuMs(): Promise<number | undefined>;
  /** costly (PSS): at most once a second */
  measure(): Promise<TrialMemory>;
  /** how many files the application may have open; absent where a kernel of its own decides */
  openFiles?(): Promise<OpenFiles>;
  /**
   * asks it for what of its memory is free, which it gives in its own time; absent where it cannot be asked.
   * @throws {TareError} `program-failed`
   */
  giveBack?(): Promise<void>;
  /** used memory of the guest as its balloon's driver tells; undefined where none answers, absent where there is no guest */
  balloonUsedBytes?(): Promise<number | undefined>;
  disk(): Promise<TrialDisk>;
  /** the last of what the application printed */
  output(): Promise<string>;
  /** asks politely, then forces, then checks that it is gone. Safe to call twice. */
  stop(): Promise<'polite' | 'forced' | 'by-itself'>;
  /** freezes it where it is, and lets it go on; absent where that cannot be done */
  readonly freezing?: { pause(): Promise<void>; unpause(): Promise<void> };
  /** ends it and keeps what is its own, so that it can be started again; absent where nothing is its own */
  readonly keeping?: { halt(): Promise<void>; revive(): Promise<void> };
  /** looks at what there is of it now, so that it can be looked for later; absent where that cannot be told */
  remains?(): Promise<Remains>;
}
