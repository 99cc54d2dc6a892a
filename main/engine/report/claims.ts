/** The article, claim by claim: each is held against what this run measured. The thresholds are named in the texts. */
import type { TargetId } from '../../contract/plan';
import type { Claim, Fact, Message, Unit, Verdict } from '../../contract/report';
import type { Run, Trial } from '../../contract/run';
import { median } from '../statistics/summary';
import { counted, hostBytes, isContainer, isEmulated, isVm, readyMs, valuesOf, type Reading } from './groups';
import { key } from './tables';
import { totalHostBytes, totalsOf } from './together';
import { weaknessesOf } from './weaknesses';

const gibibyte = 1024 ** 3;

/** “tens of GB”, “several GB”, “slowly”: what the words are taken to mean at least. */
const tensOfBytes = 10 * gibibyte;
const severalBytes = 2 * gibibyte;
const slowTimes = 3;

const figure = (label: string, value: number, unit: Unit, facts: Message['facts'] = {}) => ({
  label: key(`claim.figure.${label}`, facts),
  value,
  unit,
});

const bytes = (value: number): Fact => ({ bytes: value });

type Answer = Omit<Claim, 'id' | 'says' | 'weakenedBy'> & { weakenedBy?: Message[] };
const answers: [Claim['id'], (run: Run) => Answer][] = [
  ['C1', diskOfAnOs],
  ['C2', memoryOfAnOs],
  ['C3', sevenGigabytes],
  ['C4', slowStart],
  ['C5', oneKernel],
  ['C6', apartSmallAndFast],
  ['C7', fromDockerfile],
];

/** Every claim with its verdict; none for a run that was not made for them. */
export const claimsOf = (run: Run): Claim[] =>
  run.plan.claims
    ? answers.map(([id, answer]) => {
        const { weakenedBy = [], ...rest } = answer(run);
        return { id, says: key(`claim.${id}`), ...rest, ...(weakenedBy.length > 0 && { weakenedBy }) };
      })
    : [];

/** The claims as verdicts, so that every door and every export tells them. */
export const claimVerdicts = (run: Run): Verdict[] =>
  claimsOf(run).map(({ id, standing, text, weakenedBy }) => ({
    id: `claim ${id}`,
    standing: standing === 'unknown' ? 'unclear' : 'holds', // that a claim fails is as clear a finding as that it holds
    text,
    ...(weakenedBy && { weakenedBy }),
  }));

const on = (run: Run, test: (target: TargetId) => boolean): Trial[] =>
  counted(run).filter(({ target }) => test(target));
const full = (run: Run): Trial[] => on(run, (target) => target === 'vm:full');

const middle = (trials: readonly Trial[], read: Reading): number | undefined => {
  const values = valuesOf(trials, read);
  return values.length > 0 ? median(values) : undefined;
};

/** What to do where the full system could not be run; why, where that is known. */
function withoutFull(run: Run, id: 'C1' | 'C2' | 'C4'): Answer {
  const skipped = run.skipped.find(({ target }) => target === 'vm:full');
  return {
    standing: 'unknown',
    text: skipped
      ? key(`verdict.claim.${id}.unknown-why`, { why: { failure: skipped.failure } })
      : key(`verdict.claim.${id}.unknown`),
    figures: [],
    remedy: key('claim.remedy.full'),
  };
}

function diskOfAnOs(run: Run): Answer {
  const system = middle(full(run), ({ disk }) => disk.vmDiskBytes);
  if (system === undefined) return withoutFull(run, 'C1');
  const logical = middle(full(run), ({ disk }) => disk.vmDiskLogicalBytes);
  const direct = middle(
    on(run, (target) => target === 'vm:direct'),
    ({ disk }) => disk.vmDiskBytes,
  );
  const image = middle(on(run, isContainer), ({ disk }) => disk.imageBytes);
  const fails = system < tensOfBytes;
  return {
    standing: fails ? 'fails' : 'holds',
    text: key(`verdict.claim.C1.${fails ? 'fails' : 'holds'}`, {
      system: bytes(system),
      ...(image !== undefined && { image: bytes(image) }),
      least: bytes(tensOfBytes),
    }),
    figures: [
      figure('full-disk', system, 'bytes'),
      ...(logical === undefined ? [] : [figure('full-disk-logical', logical, 'bytes')]),
      ...(direct === undefined ? [] : [figure('direct-disk', direct, 'bytes')]),
      ...(image === undefined ? [] : [figure('image', image, 'bytes')]),
    ],
    chart: 'gross-disk',
    weakenedBy: weaknessesOf(run, 'disk'),
  };
}

function memoryOfAnOs(run: Run): Answer {
  const trials = full(run);
  const system = middle(trials, hostBytes);
  if (system === undefined) return withoutFull(run, 'C2');
  const inside = middle(trials, ({ memory }) => memory.guestUsedBytes);
  const reserved = middle(trials, ({ memory }) => memory.reservedBytes);
  const fails = system < severalBytes;
  return {
    standing: fails ? 'fails' : 'holds',
    text: key(`verdict.claim.C2.${fails ? 'fails' : 'holds'}`, {
      system: bytes(system),
      reserved: bytes(reserved ?? 0),
      least: bytes(severalBytes),
    }),
    figures: [
      figure('full-memory', system, 'bytes'),
      ...(inside === undefined ? [] : [figure('full-inside', inside, 'bytes')]),
      ...(reserved === undefined ? [] : [figure('reserved', reserved, 'bytes')]),
    ],
    chart: 'memory',
    weakenedBy: weaknessesOf(run, 'memory', ['vm:full']),
  };
}

/** The twist: what is added up in the claim are limits. */
function sevenGigabytes(run: Run): Answer {
  const totals = totalsOf(run).filter(({ rounds }) => rounds.length > 0);
  const vms = totals.find(({ target }) => target === 'vm:direct');
  const containers = totals.find(({ target }) => isContainer(target));
  if (!vms || !containers) return { standing: 'unknown', text: key('verdict.claim.C3.unknown'), figures: [] };
  const reserved = median(vms.rounds.map(({ reservedBytes }) => reservedBytes));
  const [ofVms, ofContainers] = [median(totalHostBytes(vms)), median(totalHostBytes(containers))];
  const { availableBytes } = run.environment.host;
  const taken = ofVms >= reserved * 0.9;
  const trios = availableBytes === undefined ? undefined : Math.floor(availableBytes / ofVms);
  return {
    standing: taken ? 'holds' : 'partly',
    text: key(`verdict.claim.C3.${taken ? 'holds' : 'partly'}`, {
      reserved: bytes(reserved),
      vms: bytes(ofVms),
      containers: bytes(ofContainers),
      times: { times: ofVms / ofContainers },
      share: { percent: (ofVms / reserved) * 100 },
    }),
    figures: [
      figure('vms-reserved', reserved, 'bytes'),
      figure('vms-used', ofVms, 'bytes'),
      figure('containers-used', ofContainers, 'bytes'),
      figure('times', ofVms / ofContainers, 'times'),
      ...(trios === undefined ? [] : [figure('trios', trios, 'count')]),
    ],
    chart: 'totals',
    weakenedBy: weaknessesOf(run, 'memory', ['vm:direct']),
  };
}

function slowStart(run: Run): Answer {
  const container = middle(on(run, isContainer), readyMs);
  const direct = middle(
    on(run, (target) => target === 'vm:direct'),
    readyMs,
  );
  const system = middle(full(run), readyMs);
  if (container === undefined || (direct === undefined && system === undefined))
    return withoutFull(run, 'C4');
  const figures = [
    figure('container-ready', container, 'ms'),
    ...(direct === undefined ? [] : [figure('direct-ready', direct, 'ms')]),
    ...(system === undefined ? [] : [figure('full-ready', system, 'ms')]),
  ];
  const facts = {
    container: { ms: container },
    ...(direct !== undefined && { direct: { ms: direct }, ofDirect: { times: direct / container } }),
    ...(system !== undefined && { system: { ms: system }, ofSystem: { times: system / container } }),
    ...(system !== undefined && direct !== undefined && { within: { times: system / direct } }),
    least: slowTimes,
  };
  const weakenedBy = weaknessesOf(run, 'time');
  const common = { figures, chart: 'start-up', weakenedBy };
  if (system === undefined || direct === undefined)
    return { standing: 'unknown', text: key('verdict.claim.C4.half', facts), ...common };
  // Emulated machines are no judges of how slowly machines start; only of how one of them stands against another.
  if (isEmulated(on(run, isVm)))
    return { standing: 'unknown', text: key('verdict.claim.C4.emulated', facts), ...common };
  const [slow, slowDirect] = [system, direct].map((ms) => ms >= container * slowTimes);
  const standing = slow ? (slowDirect ? 'holds' : 'partly') : 'fails';
  return { standing, text: key(`verdict.claim.C4.${standing}`, facts), ...common };
}

const sideOf = (run: Run, test: (target: TargetId) => boolean) =>
  run.evidence?.isolation.find(({ target }) => test(target));

function oneKernel(run: Run): Answer {
  const [container, vm] = [sideOf(run, isContainer), sideOf(run, isVm)];
  if (!container) return { standing: 'unknown', text: key('verdict.claim.C5.unknown'), figures: [] };
  const sharesKernel = container.same.includes('kernel');
  const vmApart = vm?.apart.includes('kernel') ?? false;
  const facts = { apart: container.apart.length, same: container.same.length };
  const standing = !sharesKernel ? 'fails' : vmApart ? 'holds' : 'partly';
  return {
    standing,
    text: key(`verdict.claim.C5.${standing}`, facts),
    figures: [
      figure('container-same', container.same.length, 'count'),
      figure('container-apart', container.apart.length, 'count'),
      ...(vm
        ? [figure('vm-same', vm.same.length, 'count'), figure('vm-apart', vm.apart.length, 'count')]
        : []),
    ],
  };
}

/** Four statements in one; it holds when those that could be measured do. */
function apartSmallAndFast(run: Run): Answer {
  const container = sideOf(run, isContainer);
  const [memory, vmMemory] = [isContainer, isVm].map((test) => middle(on(run, test), hostBytes));
  const [start, vmStart] = [isContainer, isVm].map((test) => middle(on(run, test), readyMs));
  const emulated = isEmulated(on(run, isVm));
  const sameBytes = answersTheSame(run);
  const tests: (boolean | undefined)[] = [
    container && container.apart.length > 0,
    sameBytes,
    memory !== undefined && vmMemory !== undefined ? memory < vmMemory : undefined,
    emulated || start === undefined || vmStart === undefined ? undefined : start < vmStart,
  ];
  const known = tests.filter((test) => test !== undefined);
  const figures = [
    ...(container ? [figure('container-apart', container.apart.length, 'count')] : []),
    ...(memory === undefined ? [] : [figure('container-memory', memory, 'bytes')]),
    ...(vmMemory === undefined ? [] : [figure('vm-memory', vmMemory, 'bytes')]),
    ...(start === undefined ? [] : [figure('container-ready', start, 'ms')]),
    figure('ways', new Set(counted(run).map(({ target }) => target)).size, 'count'),
  ];
  if (known.length === 0) return { standing: 'unknown', text: key('verdict.claim.C6.unknown'), figures };
  const standing = known.every(Boolean)
    ? known.length === tests.length
      ? 'holds'
      : 'partly'
    : known.some(Boolean)
      ? 'partly'
      : 'fails';
  const form = standing === 'partly' && known.every(Boolean) ? 'as-far' : standing;
  return {
    standing,
    text: key(`verdict.claim.C6.${form}`, {
      ...(memory !== undefined && { memory: bytes(memory) }),
      ...(vmMemory !== undefined && { vm: bytes(vmMemory) }),
      ...(start !== undefined && { start: { ms: start } }),
      ways: new Set(counted(run).map(({ target }) => target)).size,
      passed: known.filter(Boolean).length,
      of: tests.length,
    }),
    figures,
    chart: 'gross-memory',
    weakenedBy: weaknessesOf(run, 'memory'),
  };
}

/**
 * Whether one image gave the same bytes on all targets. An application that answers differently each time proves nothing; with
 * a single answer per side it cannot be told from one that differs.
 */
function answersTheSame(run: Run): boolean | undefined {
  const found = run.plan.workloads.map(({ name }) => {
    const trials = counted(run).filter(({ workload }) => workload === name);
    const sides = [...new Set(trials.map(({ target }) => target))].map((side) =>
      trials.filter(({ target }) => target === side).map(({ answerSha256 }) => answerSha256),
    );
    const changes = sides.some((seen) => new Set(seen).size > 1 || seen.includes(undefined));
    if (sides.length < 2 || changes) return undefined;
    if (new Set(sides.flat()).size === 1) return true;
    return sides.every(({ length }) => length > 1) ? false : undefined;
  });
  return found.includes(false) ? false : found.includes(true) ? true : undefined;
}

function fromDockerfile(run: Run): Answer {
  const build = run.evidence?.build;
  const started = on(run, isContainer);
  const start = middle(started, readyMs);
  if (!build || start === undefined) {
    const failure = run.evidence?.missing.find(({ what }) => what === 'build')?.failure;
    return {
      standing: 'unknown',
      text: failure ? key('verdict.claim.C7.failed', { why: { failure } }) : key('verdict.claim.C7.unknown'),
      figures: [],
    };
  }
  return {
    standing: 'partly',
    text: key('verdict.claim.C7.partly', {
      reference: build.reference,
      built: { ms: build.tookMs },
      size: bytes(build.bytes),
      start: { ms: start },
      containers: started.length,
    }),
    figures: [
      figure('build', build.tookMs, 'ms'),
      figure('image', build.bytes, 'bytes'),
      figure('container-ready', start, 'ms'),
    ],
    remedy: key('claim.remedy.pull'),
  };
}
