/** The article, claim by claim: each is held against what this run measured. The thresholds are named in the texts. */
import type { Claim, Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { median } from '../statistics/summary';
import { bytes, figure, full, middle, on, sideOf, withoutFull, type Answer } from './claimAnswer';
import { apartSmallAndFast, slowStart } from './comparedClaims';
import { hostBytes, isContainer, isVm, readyMs } from './groups';
import { key } from './tables';
import { totalHostBytes, totalsOf } from './together';
import { weaknessesOf } from './weaknesses';

const gibibyte = 1024 ** 3;

/** “tens of GB”, “several GB”: what the words are taken to mean at least. */
const tensOfBytes = 10 * gibibyte;
const severalBytes = 2 * gibibyte;

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
