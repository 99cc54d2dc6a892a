/** The article, claim by claim: each is held against what this run measured. The thresholds are named in the texts. */
import { tell } from '../../../../contract/messages';
import { hostBytes, readyMs } from '../../../../contract/metrics';
import type { Claim } from '../../../../contract/report/report';
import { kindOf, usualVm } from '../../../../contract/targets';
import { isSystem } from '../estimates/applications';
import { once, type Estimates } from '../estimates/estimates';
import { valuesOf } from '../estimates/groups';
import { judgedOn } from '../estimates/judging';
import { Measured } from '../estimates/measured';
import { fullTotals, totalBytes, totalRatio } from '../estimates/totals';
import type { Section } from '../section';
import { weaknessesOf } from '../weaknesses';
import {
  bytes,
  edges,
  figure,
  isAbove,
  middle,
  on,
  sideOf,
  times,
  withoutSystem,
  type ClaimAnswer,
} from './answer';
import { apartSmallAndFast, slowStart } from './compared';

const gibibyte = 1024 ** 3;

/** “tens of GB”, “several GB”: what the words are taken to mean at least. */
const tensOfBytes = 10 * gibibyte;
const severalBytes = 2 * gibibyte;

const answers: [Claim['id'], (of: Estimates) => ClaimAnswer][] = [
  ['C1', diskOfAnOs],
  ['C2', memoryOfAnOs],
  ['C3', sevenGigabytes],
  ['C4', slowStart],
  ['C5', oneKernel],
  ['C6', apartSmallAndFast],
  ['C7', fromDockerfile],
];

/** Every claim with its answer; none for a run that was not made for them. */
export const claimsOf = once((of: Estimates): Claim[] =>
  of.run.plan.claims
    ? answers.map(([id, answer]) => {
        const { weakenedBy = [], ...rest } = answer(of);
        return { id, says: tell(`claim.${id}`), ...rest, ...(weakenedBy.length > 0 && { weakenedBy }) };
      })
    : [],
);

/** The claims as verdicts, so that every door and every export tells them. */
export const claims = {
  verdicts: (of) =>
    claimsOf(of).map(({ id, standing, text, weakenedBy }) => ({
      id: `claim ${id}`,
      about: { subject: 'claim', targets: [], claim: id },
      standing: standing === 'unknown' ? 'unclear' : 'holds', // that a claim fails is as clear a finding as that it holds
      text,
      ...(weakenedBy && { weakenedBy }),
    })),
} satisfies Section;

const isOfContainers = (target: string): boolean => kindOf(target) === 'container';
const isUsualVm = (target: string): boolean => target === usualVm;

function diskOfAnOs(of: Estimates): ClaimAnswer {
  const system = middle(on(of, isSystem), ({ disk }) => disk.vmDiskBytes);
  if (system === undefined) return withoutSystem(of, 'C1');
  const logical = middle(on(of, isSystem), ({ disk }) => disk.vmDiskLogicalBytes);
  const direct = middle(on(of, isUsualVm), ({ disk }) => disk.vmDiskBytes);
  const image = middle(on(of, isOfContainers), ({ disk }) => disk.imageBytes);
  const fails = system < tensOfBytes;
  return {
    standing: fails ? 'fails' : 'holds',
    text: tell(`verdict.claim.C1.${fails ? 'fails' : 'holds'}`, {
      system: bytes(system),
      ...(image !== undefined && { image: bytes(image) }),
      least: bytes(tensOfBytes),
    }),
    figures: [
      ...figure('full-disk', system, 'bytes'),
      ...figure('full-disk-logical', logical, 'bytes'),
      ...figure('direct-disk', direct, 'bytes'),
      ...figure('image', image, 'bytes'),
    ],
    chart: 'disk',
    weakenedBy: weaknessesOf(of, 'disk'),
  };
}

function memoryOfAnOs(of: Estimates): ClaimAnswer {
  const trials = on(of, isSystem);
  const taken = new Measured(valuesOf(trials, hostBytes.read));
  const system = taken.median();
  if (system === undefined) return withoutSystem(of, 'C2');
  const inside = middle(trials, ({ memory }) => memory.guestUsedBytes);
  const reserved = middle(trials, ({ memory }) => memory.reservedBytes);
  const isSeveral = isAbove(taken.interval(), severalBytes);
  const standing = isSeveral === undefined ? 'unknown' : isSeveral ? 'holds' : 'fails';
  return {
    standing,
    text: tell(`verdict.claim.C2.${standing === 'unknown' ? 'unsure' : standing}`, {
      system: bytes(system),
      ...edges(taken.interval(), bytes),
      reserved: bytes(reserved ?? 0),
      least: bytes(severalBytes),
      n: taken.n,
    }),
    figures: [
      ...figure('full-memory', system, 'bytes'),
      ...figure('full-inside', inside, 'bytes'),
      ...figure('reserved', reserved, 'bytes'),
    ],
    chart: 'memory',
    weakenedBy: weaknessesOf(of, 'memory', [...new Set(trials.map(({ target }) => target))]),
  };
}

/** Of what was reserved for VMs, so much must be taken for the sum of limits to be what they take. */
const nearlyAll = 0.9;

/** The twist: what is added up in the claim are limits. */
function sevenGigabytes(of: Estimates): ClaimAnswer {
  const totals = fullTotals(of);
  const vms = totals.find(({ target }) => isUsualVm(target));
  const containers = totals.find(({ target }) => isOfContainers(target));
  if (!vms || !containers)
    return { standing: 'unknown', text: tell('verdict.claim.C3.unknown'), figures: [] };
  const reserved = vms.reservedBytes.median()!;
  const [ofVms, ofContainers] = [totalBytes(of, vms)!, totalBytes(of, containers)!];
  const { availableBytes } = of.run.environment.host;
  const ratio = totalRatio(of, vms);
  const interval = ratio && judgedOn(of, ratio).interval;
  const isTaken = isAbove(vms.hostBytes.interval(), reserved * nearlyAll);
  const standing = isTaken === undefined || !interval ? 'unknown' : isTaken ? 'holds' : 'partly';
  const trios = availableBytes === undefined ? undefined : Math.floor(availableBytes / ofVms);
  return {
    standing,
    text: tell(`verdict.claim.C3.${standing === 'unknown' ? 'unsure' : standing}`, {
      reserved: bytes(reserved),
      vms: bytes(ofVms),
      containers: bytes(ofContainers),
      ...(ratio && { times: times(ratio.value) }),
      ...edges(interval, times),
      share: { percent: (ofVms / reserved) * 100 },
      n: vms.rounds,
    }),
    figures: [
      ...figure('vms-reserved', reserved, 'bytes'),
      ...figure('vms-used', ofVms, 'bytes'),
      ...figure('containers-used', ofContainers, 'bytes'),
      ...figure('times', ratio?.value, 'times'),
      ...figure('trios', trios, 'count'),
    ],
    chart: 'totals',
    weakenedBy: weaknessesOf(of, 'memory', [vms.target]),
  };
}

function oneKernel(of: Estimates): ClaimAnswer {
  const [container, vm] = [sideOf(of, isOfContainers), sideOf(of, (target) => kindOf(target) === 'vm')];
  if (!container) return { standing: 'unknown', text: tell('verdict.claim.C5.unknown'), figures: [] };
  const sharesKernel = container.same.includes('kernel');
  const vmApart = vm?.apart.includes('kernel') ?? false;
  const facts = { apart: container.apart.length, same: container.same.length };
  const standing = !sharesKernel ? 'fails' : vmApart ? 'holds' : 'partly';
  return {
    standing,
    text: tell(`verdict.claim.C5.${standing}`, facts),
    figures: [
      ...figure('container-same', container.same.length, 'count'),
      ...figure('container-apart', container.apart.length, 'count'),
      ...figure('vm-same', vm?.same.length, 'count'),
      ...figure('vm-apart', vm?.apart.length, 'count'),
    ],
  };
}

function fromDockerfile(of: Estimates): ClaimAnswer {
  const build = of.run.evidence?.build;
  const started = on(of, isOfContainers);
  const start = middle(started, readyMs.read);
  if (!build || start === undefined) {
    const failure = of.run.evidence?.missing.find(({ what }) => what === 'build')?.failure;
    return {
      standing: 'unknown',
      text: failure
        ? tell('verdict.claim.C7.failed', { why: { failure } })
        : tell('verdict.claim.C7.unknown'),
      figures: [],
    };
  }
  return {
    standing: 'partly',
    text: tell('verdict.claim.C7.partly', {
      reference: build.reference,
      built: { ms: build.tookMs },
      size: bytes(build.bytes),
      start: { ms: start },
      containers: started.length,
    }),
    figures: [
      ...figure('build', build.tookMs, 'ms'),
      ...figure('image', build.bytes, 'bytes'),
      ...figure('container-ready', start, 'ms'),
    ],
    remedy: tell('claim.remedy.pull'),
  };
}
