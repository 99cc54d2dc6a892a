/** What a record says of the machine that the engine's containers run on, where that is not this one; and the host's accounts there. */
import { readFileSync } from 'node:fs';
import type { EngineMachineFacts, Environment } from '../../../contract/run/run';
import { kindOf, type TargetId } from '../../../contract/targets';
import { thisMachine, type HostFiles } from '../../base/process/hostFiles';
import { isRefused, memoryOf, ownBytes } from '../../base/process/memory';
import { isMachine, neighbours } from '../../base/process/neighbours';
import { processes } from '../../base/process/proc';
import type { EngineMachine } from '../../remote/reader/engineMachine';
import { wayTo } from '../../remote/reader/wayTo';
import { meminfoBytes, spareBytes, spareBytesIn } from '../sampling/host';
import { engineMemory, type HelperMemory } from '../targets/docker/helperProcesses';
import { kernelState } from './hostState';

type Engine = NonNullable<Environment['engine']>;

/** The host's own accounts for instances on a target. */
export interface HostAccounts {
  /** all that the machine could still give which instances on the target run on; undefined where nobody reads it */
  spareBytes(target: TargetId): Promise<number | undefined>;
  /** own memory of the engine's daemons. @param name  the engine's */
  engineBytes(name: string | undefined): Promise<number | undefined>;
}

const bytesOf = (memory: HelperMemory): number | undefined => ('bytes' in memory ? memory.bytes : undefined);

/** Where everything runs on this machine. */
export const ownAccounts: HostAccounts = {
  spareBytes,
  engineBytes: async (name) => bytesOf(await engineMemory(name)),
};

export const hostAccounts = (engine: () => Promise<EngineMachine>): HostAccounts => ({
  async spareBytes(target) {
    const found = kindOf(target) === 'container' ? await engine() : undefined;
    if (!found || found.where === 'here') return spareBytes();
    if (found.machine === thisMachine) return undefined;
    return found.machine.look(spareBytesIn).catch(() => undefined);
  },
  async engineBytes(name) {
    const { machine } = await engine();
    return machine.look(async (files) => bytesOf(await engineMemory(name, files))).catch(() => undefined);
  },
});

/** Taken while no container of the run is up. @param endpoint  by which the engine is reached */
export async function engineMachineFacts(
  { where, machine, reader }: EngineMachine,
  endpoint: string,
): Promise<Pick<Engine, 'where' | 'machine' | 'machineProcess'>> {
  if (where === 'here') return { where };
  const process = await machineProcess(endpoint);
  const facts = reader && (await machine.look(factsIn).catch(() => undefined));
  return { where, ...(facts && { machine: facts }), ...(process && { machineProcess: process }) };
}

function factsIn(files: HostFiles): EngineMachineFacts {
  const text = (path: string): string | undefined => {
    try {
      return files.read(path);
    } catch {
      return undefined;
    }
  };
  const cpuinfo = text('/proc/cpuinfo') ?? '';
  const meminfo = text('/proc/meminfo') ?? '';
  const [total, free] = ['SwapTotal', 'SwapFree'].map((name) => meminfoBytes(meminfo, name));
  const facts: { [N in keyof EngineMachineFacts]: EngineMachineFacts[N] | undefined } = {
    kernel: text('/proc/sys/kernel/osrelease')?.trim(),
    cpu: /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1],
    cores: cpuinfo.match(/^processor\s*:/gm)?.length,
    memoryBytes: meminfoBytes(meminfo, 'MemTotal'),
    availableBytes: meminfoBytes(meminfo, 'MemAvailable'),
    cgroupVersion: text('/sys/fs/cgroup/cgroup.controllers') === undefined ? 1 : 2,
    swapBytes: total,
    swapUsedBytes: total === undefined || free === undefined ? undefined : total - free,
    ...kernelState((file) => text(`/sys/${file}`)?.trim()),
    ...neighbours(processes(files)),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/**
 * The process of this computer that is the engine's machine, where it can be told which one that is: the only virtual machine, or the one
 * that forwards the endpoint's port.
 */
async function machineProcess(endpoint: string): Promise<Engine['machineProcess']> {
  const way = await wayTo(endpoint);
  if (way.by === 'other-computer') return undefined;
  const machines = processes().filter(({ words }) => isMachine(words));
  const [found, ...others] =
    way.by === 'socket'
      ? machines
      : machines.filter(({ words }) => words.some((word) => word.includes(`:${way.port}-:`)));
  if (!found || others.length > 0) return undefined;
  const memory = await memoryOf([found.pid]);
  if (isRefused(memory)) return undefined;
  const name = readFileSync(`/proc/${found.pid}/comm`, 'utf8').trim();
  return { name, pid: found.pid, hostBytes: ownBytes(memory) };
}

/** Adds what can only be told in the end. Never rejects. */
export async function noteEnd(environment: Environment, found: EngineMachine): Promise<void> {
  const { engine } = environment;
  if (!engine || found.where === 'here') return;
  const cost = await found.reader?.cost().catch(() => undefined);
  if (cost) engine.reader = cost;
}
