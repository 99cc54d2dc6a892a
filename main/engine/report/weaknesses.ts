/** Conditions that make a conclusion weaker: each is attached to the verdicts that it weakens, so that none is quoted without it. */
import type { TargetId } from '../../contract/targets';
import type { Message, Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { counted, isEmulated, isVm } from './groups';
import { key } from './tables';

/** What a conclusion is about. */
export type Subject = 'time' | 'memory' | 'disk';

/** Governors that change the clock with the load: a short start may be over before the clock has risen. */
const slowGovernors = ['powersave', 'conservative', 'ondemand', 'schedutil'];
/** Other work per processor from which on it is felt. */
const busyShare = 0.5;
const noticeableSwap = 16 * 1024 ** 2;
/** Storage drivers that copy each layer whole. */
const copyingDrivers = ['vfs', 'native'];

/** What weakens a conclusion about these targets, or about all of the run. */
export function weaknessesOf(run: Run, subject: Subject, targets?: readonly TargetId[]): Message[] {
  const { host, engine } = run.environment;
  const trials = counted(run).filter(({ target }) => !targets || targets.includes(target));
  const vms = trials.filter(({ target }) => isVm(target));
  const found: Message[] = [];
  const add = (name: string, facts: Message['facts'] = {}) => found.push(key(`weakened.${name}`, facts));
  if (subject !== 'disk' && isEmulated(vms)) add(subject === 'time' ? 'emulated-time' : 'emulated-memory');
  if (engine?.operatingSystem?.includes('Docker Desktop')) add('docker-desktop');
  if (subject === 'time') {
    if (host.onBattery) add('battery');
    if (host.governor !== undefined && slowGovernors.includes(host.governor))
      add('governor', { governor: host.governor });
    if (host.turbo) add('turbo');
    const { loadAverage: load, cores } = host;
    if (load !== undefined && cores !== undefined && load > cores * busyShare)
      add('load', { load: Number(load.toFixed(1)), cores });
    if (host.virtualisation !== undefined && host.virtualisation !== 'none') add('virtualised');
  }
  if (subject === 'memory') {
    if ((host.swapUsedBytes ?? 0) > noticeableSwap) add('swap', { used: { bytes: host.swapUsedBytes! } });
    if (host.ksm) add('ksm');
    if (host.cgroupVersion === undefined && engine) add('no-cgroup');
  }
  if (subject === 'disk' && engine?.storageDriver && copyingDrivers.includes(engine.storageDriver))
    add('storage-driver', { driver: engine.storageDriver });
  return found;
}

/** Verdicts by the beginning of their ids, and what they are about. */
const subjects: [RegExp, Subject][] = [
  [/^(start-up|load|lever ready) /, 'time'],
  [/^(memory|limits|density|density-times|lever host) /, 'memory'],
];

/** The target that a verdict's id ends with. */
const targetOf = ({ id }: Verdict): TargetId => id.slice(id.lastIndexOf(' ') + 1);

/** The same verdicts, those that the run's conditions weaken with that beside them. */
export const weakened = (run: Run, verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.map((verdict) => {
    const subject = subjects.find(([start]) => start.test(verdict.id))?.[1];
    if (subject === undefined || verdict.standing === 'note') return verdict;
    const weakenedBy = weaknessesOf(run, subject, [targetOf(verdict)]);
    return weakenedBy.length > 0 ? { ...verdict, weakenedBy } : verdict;
  });
