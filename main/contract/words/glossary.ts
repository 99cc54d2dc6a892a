/**
 * The glossary: what the field's words mean, in both languages, as `tare explain` and every “?” of the page tell it.
 * The texts stand in assets/glossary.json, which whoever shows them loads: a page asks for it only once it needs it.
 */
import type entries from '../../../assets/glossary.json';
import type { Locale } from '../appearance';
import type { MessageKey } from '../keys';

export type TermId = keyof typeof entries;

/** How a language tells a term. */
interface Telling {
  name: string;
  /** one sentence */
  short: string;
  /** how it works, and what Tare makes of it */
  more: string;
}

export type Term = Record<Locale, Telling> & {
  /** other words for it, in either language */
  also: string[];
  /** terms that help to understand it */
  see: TermId[];
};
export type Glossary = Record<TermId, Term>;

/** The terms behind headings, labels and columns, by the keys of their words. What is listed here gets its “?” wherever it is shown. */
const behind: Partial<Record<MessageKey, TermId>> = {
  'chart.density': 'density',
  'chart.density-rungs': 'density',
  'chart.load': 'load',
  'chart.memory': 'own-memory',
  'chart.memory-over-time': 'working-set',
  'chart.phases': 'phase',
  'chart.start-up': 'ready',
  'chart.totals': 'reserved',
  'check.accelerator': 'accelerator',
  'check.builder': 'buildkit',
  'check.disk-tools': 'erofs',
  'check.docker': 'engine',
  'check.kit': 'guest-kit',
  'check.qemu': 'qemu',
  'claim.figure.container-memory': 'own-memory',
  'claim.figure.container-ready': 'ready',
  'claim.figure.direct-disk': 'erofs',
  'claim.figure.direct-ready': 'direct-boot',
  'claim.figure.full-disk': 'full-system',
  'claim.figure.full-memory': 'own-memory',
  'claim.figure.full-ready': 'full-system',
  'claim.figure.image': 'image',
  'claim.figure.reserved': 'reserved',
  'claim.figure.vms-reserved': 'reserved',
  'claim.figure.vms-used': 'own-memory',
  'column.accelerator': 'accelerator',
  'column.allReadyMs': 'ready',
  'column.answer.memory': 'own-memory',
  'column.answer.memoryRatio': 'interval',
  'column.answer.start-up': 'ready',
  'column.answeredPerSecond': 'load',
  'column.availableBytes': 'mem-available',
  'column.balloonUsedBytes': 'balloon',
  'column.base': 'baseline',
  'column.change': 'interval',
  'column.coldMs': 'warm-up',
  'column.compressedBytes': 'registry',
  'column.cpuPressure': 'pressure',
  'column.cpuStalledMs': 'pressure',
  'column.engineBytes': 'engine',
  'column.fileBytes': 'file-pages',
  'column.filesBytes': 'cold-start',
  'column.filesCachedBytes': 'cold-start',
  'column.firstBytes': 'file-pages',
  'column.guestUsedBytes': 'guest-kernel',
  'column.hostBytes': 'own-memory',
  'column.hostChangeBytes': 'mem-available',
  'column.hugePageBytes': 'huge-pages',
  'column.imageBytes': 'image',
  'column.ioPressure': 'pressure',
  'column.ioStalledMs': 'pressure',
  'column.itself': 'noise',
  'column.kernelBytes': 'initrd',
  'column.lastPhase': 'phase',
  'column.latenessMs': 'load',
  'column.life.stoppedDiskBytes': 'overlay',
  'column.loadedBytes': 'own-memory',
  'column.settledBytes': 'free-page-reporting',
  'column.machineBytes': 'shared-vm',
  'column.machineMs': 'shared-vm',
  'column.marginalBytes': 'own-memory',
  'column.memoryPressure': 'pressure',
  'column.memoryStalledMs': 'pressure',
  'column.merged': 'ksm',
  'column.n': 'trial',
  'column.p': 'p-value',
  'column.p50Ms': 'median',
  'column.p95Ms': 'p99',
  'column.p999Ms': 'p99',
  'column.p99Ms': 'p99',
  'column.phase': 'phase',
  'column.predicted': 'density',
  'column.promised': 'reserved',
  'column.pssBytes': 'pss',
  'column.ratio': 'interval',
  'column.readyMs': 'ready',
  'column.readyP95Ms': 'p99',
  'column.reservedBytes': 'reserved',
  'column.residualBytes': 'mem-available',
  'column.resolution': 'detectable',
  'column.resolutionMs': 'resolution',
  'column.round': 'paired-rounds',
  'column.rounds': 'paired-rounds',
  'column.score': 'outlier',
  'column.shared': 'pss',
  'column.sharedBytes': 'layer',
  'column.sharedFileBytes': 'file-pages',
  'column.snapshotBytes': 'snapshot',
  'column.target': 'target',
  'column.vmDiskBytes': 'erofs',
  'column.workingSetBytes': 'working-set',
  'column.writtenBytes': 'overlay',
  'condition.engine': 'engine',
  'condition.engine.cgroupDriver': 'cgroup',
  'condition.engine.runtime': 'runtime',
  'condition.engine.storageDriver': 'overlay',
  'condition.host.cgroupVersion': 'cgroup',
  'condition.host.governor': 'governor',
  'condition.host.hugePages': 'huge-pages',
  'condition.host.hugePagesDefrag': 'huge-pages',
  'condition.host.ksm': 'ksm',
  'condition.host.swap': 'swap',
  'condition.host.swapBytes': 'swap',
  'condition.host.swapUsedBytes': 'swap',
  'condition.host.turbo': 'governor',
  'condition.disk': 'disk-image',
  'condition.image': 'digest',
  'condition.plan.cold': 'cold-start',
  'condition.plan.soak': 'soak',
  'condition.plan.warmups': 'warm-up',
  'condition.qemu': 'qemu',
  'condition.qemu.accelerator': 'accelerator',
  'condition.qemu.kernel': 'guest-kernel',
  'condition.qemu.kit': 'guest-kit',
  'condition.workload.memory': 'reserved',
  'condition.workload.probe': 'ready',
  'isolation.fact.capabilities': 'capabilities',
  'isolation.fact.kernel': 'guest-kernel',
  'isolation.fact.loopback': 'loopback',
  'isolation.fact.namespaces': 'namespace',
  'isolation.fact.seccomp': 'seccomp',
  'table.compare-hostBytes': 'own-memory',
  'table.compare-readyMs': 'ready',
  'table.density': 'density',
  'table.noise': 'noise',
  'table.outliers': 'outlier',
  'table.parts': 'own-memory',
  'table.phases': 'phase',
  'ui.comparison.ratio': 'interval',
  'ui.compose.path': 'compose',
  'ui.cost.memory': 'reserved',
  'ui.environment.guest': 'guest-kit',
  'ui.environment.noise': 'noise',
  'ui.environment.part.distribution': 'guest-kit',
  'ui.environment.part.minimal': 'guest-kernel',
  'ui.environment.targets': 'target',
  'ui.form.cold': 'cold-start',
  'ui.form.folder': 'dockerfile',
  'ui.form.memory': 'reserved',
  'ui.form.precision': 'interval',
  'ui.form.probe': 'ready',
  'ui.form.pull': 'registry',
  'ui.form.soak': 'soak',
  'ui.form.targets': 'target',
  'ui.form.trials': 'paired-rounds',
  'ui.form.warmups': 'warm-up',
  'ui.history.column.memory': 'own-memory',
  'ui.history.column.startUp': 'ready',
  'ui.history.column.trials': 'trial',
  'ui.history.median': 'median',
  'ui.images.column.disks': 'erofs',
  'ui.images.column.own': 'layer',
  'ui.images.compressed': 'registry',
  'ui.images.digest': 'digest',
  'ui.images.history': 'dockerfile',
  'ui.live.memory': 'working-set',
  'ui.live.score.own': 'own-memory',
  'ui.live.score.ready': 'ready',
  'ui.live.score.rounds': 'paired-rounds',
  'ui.live.startup': 'phase',
  'ui.settings.accelerator': 'accelerator',
  'ui.settings.dockerEndpoint': 'engine',
  'ui.settings.qemuPath': 'qemu',
  'ui.workflow.part.build': 'buildkit',
  'ui.workflow.part.container': 'container',
  'ui.workflow.part.dockerfile': 'dockerfile',
  'ui.workflow.part.image': 'image',
  'ui.workflow.part.machine': 'vm',
  'workflow.way.docker': 'engine',
  'workflow.way.machine': 'vm',
};

/** The term that explains what this key says; undefined of what needs no explanation. */
export function termBehind(key: string): TermId | undefined {
  const terms: Readonly<Record<string, TermId | undefined>> = behind;
  return Object.hasOwn(terms, key) ? terms[key] : undefined;
}

/** The terms behind the words of one table, each only where it comes first. */
export function termsBehind(keys: readonly string[]): (TermId | undefined)[] {
  const terms = keys.map(termBehind);
  return terms.map((term, at) => (terms.indexOf(term) === at ? term : undefined));
}
