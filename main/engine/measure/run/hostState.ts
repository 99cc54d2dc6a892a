/** What of the host moves figures and can change at any time: huge pages, swap, what merges or gives back memory, who else is there. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import si from 'systeminformation';
import type { HostState } from '../../../contract/run/run';
import { neighbours } from '../../base/process/neighbours';
import { fileText, livesOnBattery, turboAllowed } from './power';

/** Where the host is read from. */
export interface Sources {
  /** default: /sys */
  sys?: string;
  /** default: systeminformation */
  memory?: () => Promise<
    Pick<si.Systeminformation.MemData, 'total' | 'available' | 'swaptotal' | 'swapused'>
  >;
}

/** Reads it now; what cannot be read is absent. None of the run's own instances may be up: they would be taken for others. */
export async function hostState({ sys = '/sys', memory = si.mem }: Sources = {}): Promise<HostState> {
  const [mem, governor, turbo, onBattery, damon, ...texts] = await Promise.all([
    memory(),
    fileText(`${sys}/devices/system/cpu/cpu0/cpufreq/scaling_governor`),
    turboAllowed(sys),
    livesOnBattery(sys),
    damonWorks(sys),
    ...kernelFiles.map((file) => fileText(sys, file)),
  ]);
  const known = {
    governor,
    turbo,
    onBattery,
    swapBytes: mem.total > 0 ? mem.swaptotal : undefined, // systeminformation answers 0 when it could not read
    swapUsedBytes: mem.total > 0 ? mem.swapused : undefined,
    ...kernelState((file) => texts[kernelFiles.indexOf(file)]),
    damon,
    ...neighbours(),
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Below /sys. */
const kernelFiles = [
  'module/zswap/parameters/enabled',
  'kernel/mm/transparent_hugepage/enabled',
  'kernel/mm/transparent_hugepage/defrag',
  'kernel/mm/ksm/run',
  'kernel/mm/lru_gen/enabled',
] as const;
type KernelFile = (typeof kernelFiles)[number];

/** What a kernel says of how it manages memory. @param text  of one of its files, without the space around it */
export function kernelState(text: (file: KernelFile) => string | undefined): {
  [N in 'zswap' | 'hugePages' | 'hugePagesDefrag' | 'ksm' | 'generations']: HostState[N] | undefined;
} {
  const [zswap, enabled, defrag, ksm, generations] = kernelFiles.map(text);
  return {
    zswap: zswap === undefined ? undefined : /^[Y1]/.test(zswap),
    hugePages: chosen(enabled),
    hugePagesDefrag: chosen(defrag),
    ksm: ksm === undefined ? undefined : ksm !== '0',
    generations: generations === undefined ? undefined : Number(generations) !== 0,
  };
}

/** The kernel writes all that could be chosen, and what is in brackets. */
const chosen = (choices: string | undefined): string | undefined => /\[(.+?)\]/.exec(choices ?? '')?.[1];

/** By hand, through its folder, or by one of the modules that use it. Undefined where the kernel has none of it. */
async function damonWorks(sys: string): Promise<boolean | undefined> {
  const folder = path.join(sys, 'kernel/mm/damon/admin/kdamonds');
  const threads = await readdir(folder).catch(() => undefined);
  const states = (threads ?? []).map((thread) => fileText(folder, thread, 'state'));
  const modules = ['damon_reclaim', 'damon_lru_sort', 'damon_stat'].map((name) =>
    fileText(sys, 'module', name, 'parameters/enabled'),
  );
  const [told, enabled] = await Promise.all([Promise.all(states), Promise.all(modules)]);
  if (threads === undefined && enabled.every((value) => value === undefined)) return undefined;
  return told.includes('on') || enabled.includes('Y');
}
