/** Conditions that make a conclusion weaker: each is attached to the verdicts that it weakens, so that none is quoted without it. */
import { tell, type NameIn } from '../../../contract/messages';
import type { Message, Verdict, VerdictSubject } from '../../../contract/report/report';
import type { HostChange, Trial } from '../../../contract/run/run';
import { kindOf, type TargetId } from '../../../contract/targets';
import { conditions, type Moved } from './comparison/conditions';
import type { Estimates } from './estimates/estimates';
import { isEmulated, type Group } from './estimates/groups';

/** What was measured for a conclusion. */
export type Quantity = 'time' | 'memory' | 'disk';

/** What a verdict's conclusion rests on; others are told as they are. */
const restsOn: Partial<Record<VerdictSubject, Quantity>> = {
  'start-up': 'time',
  load: 'time',
  memory: 'memory',
  density: 'memory',
};

/** Governors that change the clock with the load: a short start may be over before the clock has risen. */
const slowGovernors = ['powersave', 'conservative', 'ondemand', 'schedutil'];
/** Other work per processor from which on it is felt: as a load average, which counts what waits too, and as a share that was busy. */
const busyShare = 0.5;
const busyTime = 0.25;
const noticeableSwap = 16 * 1024 ** 2;
/** Storage drivers that copy each layer whole. */
const copyingDrivers = ['vfs', 'native'];

/** What weakens a conclusion about these targets, or about all of the run. */
export function weaknessesOf(of: Estimates, quantity: Quantity, targets?: readonly TargetId[]): Message[] {
  const { host, engine } = of.run.environment;
  const isAbout = (target: TargetId) => targets?.includes(target) ?? true;
  const vms = of.groups.filter(({ target }) => isAbout(target) && kindOf(target) === 'vm');
  const found: Message[] = [];
  const add = (name: NameIn<'weakened'>, facts: Message['facts'] = {}) =>
    found.push(tell(`weakened.${name}`, facts));
  if (quantity !== 'disk' && vms.some(({ trials }) => isEmulated(trials))) add(`emulated-${quantity}`);
  if (engine?.operatingSystem?.includes('Docker Desktop')) add('docker-desktop');
  if (quantity !== 'disk' && of.run.environment.otherWork) add('other-tare');
  if (quantity !== 'disk') found.push(...elsewhere(of, isAbout));
  if (quantity === 'time') {
    if (host.onBattery) add('battery');
    if (host.governor !== undefined && slowGovernors.includes(host.governor))
      add('governor', { governor: host.governor });
    if (host.turbo) add('turbo');
    found.push(...busy(of));
    if (host.virtualisation !== undefined && host.virtualisation !== 'none') add('virtualised');
  }
  if (quantity === 'memory') {
    if ((host.swapUsedBytes ?? 0) > noticeableSwap) add('swap', { used: { bytes: host.swapUsedBytes! } });
    if (host.ksm) add('ksm');
    if (host.cgroupVersion === undefined && engine) add('no-cgroup');
  }
  found.push(...changed(of, quantity));
  if (quantity === 'disk' && engine?.storageDriver && copyingDrivers.includes(engine.storageDriver))
    add('storage-driver', { driver: engine.storageDriver });
  return found;
}

/** Other work while it was measured; where the samples cannot tell, the load just before. */
function busy({ run: { environment } }: Estimates): Message[] {
  const { host, otherLoad } = environment;
  if (otherLoad !== undefined)
    return otherLoad > busyTime ? [tell('weakened.other-load', { share: { percent: otherLoad * 100 } })] : [];
  const { loadAverage: load, cores } = host;
  if (load === undefined || cores === undefined || load <= cores * busyShare) return [];
  return [tell('weakened.load', { load: Number(load.toFixed(1)), cores })];
}

/** What of the host became another one while the run was under way, each once. */
function changed({ run: { environment } }: Estimates, quantity: Quantity): Message[] {
  const names = new Set((environment.changes ?? []).map(({ what }) => what));
  return [...names]
    .filter((name) => movedBy(name).some((subject) => restsOn[subject] === quantity))
    .map((name) => tell('weakened.changed', { condition: { words: `condition.host.${name}` } }));
}

/** Swap is no condition of its own when runs are compared, but what lies there weakens figures of memory. */
const movedBy = (name: HostChange['what']): readonly Moved[] =>
  conditions.find(({ what }) => what === `host.${name}`)?.moves ?? ['memory'];

/** The part of a start-up from which on its resolution is felt. */
const coarseShare = 0.05;

/** Start-ups of these targets, or of all, that were measured too coarsely: by the median of each workload on each target. */
export function coarseStarts({ groups }: Estimates, targets?: readonly TargetId[]): Message[] {
  const share = ({ resolutionMs, readyMs }: Trial) =>
    resolutionMs !== undefined && readyMs ? resolutionMs / readyMs : undefined;
  const isCoarse = groups.some(
    (group) => (targets?.includes(group.target) ?? true) && (group.of(share).median() ?? 0) > coarseShare,
  );
  return isCoarse ? [tell('weakened.resolution')] : [];
}
/** Containers on another machine than this: unseen, or beside what ran here, which was another machine then. */
function elsewhere({ run, groups }: Estimates, isAbout: (target: TargetId) => boolean): Message[] {
  const about = groups.filter(({ target }) => isAbout(target));
  const isContainer = ({ target }: Group) => kindOf(target) === 'container';
  if (about.some(isUnseen)) return [tell('weakened.engine-elsewhere')];
  const isBoth = about.some(isContainer) && !about.every(isContainer);
  return isBoth && run.environment.engine?.where === 'elsewhere' ? [tell('weakened.two-machines')] : [];
}

/** Whether its containers ran where nobody saw their processes. */
const isUnseen = ({ trials }: Group): boolean =>
  trials.some(({ memory }) =>
    memory.missing.some(({ reason }) => /^(engine-elsewhere|reader-)/.test(reason)),
  );

/** The same verdicts, those that the run's conditions weaken with that beside them. */
export const weakened = (of: Estimates, verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.map((verdict) => {
    const { about, standing } = verdict;
    const quantity = about && restsOn[about.subject];
    if (quantity === undefined || standing === 'note' || standing === 'warning') return verdict;
    const { subject, targets } = about!;
    const weakenedBy = [
      ...weaknessesOf(of, quantity, targets),
      ...(subject === 'start-up' ? coarseStarts(of, targets) : []),
    ];
    return weakenedBy.length > 0 ? { ...verdict, weakenedBy } : verdict;
  });
