/** How many instances fit on this machine, what each costs, what runs out first, and whether that was right. */
import type { DensityLadder } from '../../contract/run/density';
import type { Cell, Table, Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { ladderSteps, memoryCosts, memorySource, predict, type Prediction } from '../density/prediction';
import type { Estimate } from '../statistics/intervals';
import { isContainer, isVm } from './groups';
import { column, key } from './tables';

/** A ladder with what can be concluded from it. */
export interface ClimbedLadder {
  ladder: DensityLadder;
  limitBytes: number;
  prediction: Prediction | undefined;
  /** what one further instance costs, by whichever books the prediction takes */
  first: Estimate | undefined;
  marginal: Estimate | undefined;
  own: Estimate | undefined;
  host: Estimate | undefined;
  /** how many were up when the guard stopped a proof for want of memory */
  truth: number | undefined;
}

export const climbed = (run: Run): ClimbedLadder[] =>
  (run.density ?? []).map((ladder) => {
    const steps = ladderSteps(ladder);
    const { own, host } = memoryCosts(steps);
    const chosen = memorySource(steps) === 'host' ? host : own;
    const { limits } = run.plan.workloads.find(({ name }) => name === ladder.workload)!;
    const proved = ladder.ended === 'guard' && ladder.guard === 'memory';
    return {
      ladder,
      limitBytes: limits.memoryBytes,
      prediction: predict(ladder.capacity, steps),
      first: chosen?.first,
      marginal: chosen?.marginal,
      own: own?.marginal,
      host: host?.marginal,
      truth: proved ? ladder.reached : undefined,
    };
  });

const cell = (estimate: Estimate | undefined): Cell =>
  estimate
    ? { value: estimate.value, ...(estimate.interval && { interval: estimate.interval }) }
    : { value: null };

/** How many would fit if each were given its whole limit: what a promise costs, whether or not it is called in. */
const promised = ({ ladder: { capacity }, limitBytes }: ClimbedLadder): number | undefined =>
  capacity.availableBytes === undefined
    ? undefined
    : Math.max(0, Math.floor((capacity.availableBytes - capacity.floorBytes) / limitBytes));

export function densityTable(run: Run): Table {
  const rows = climbed(run).map((one): Cell[] => {
    const { ladder, prediction, truth } = one;
    const { count, interval, binding } = prediction ?? {};
    return [
      { value: ladder.workload },
      { value: ladder.target },
      cell(one.first),
      cell(one.own),
      cell(one.host),
      { value: ladder.reached },
      { value: count ?? null, ...(interval && { interval }) },
      { value: binding ?? null },
      { value: truth ?? null },
      { value: promised(one) ?? null },
      { value: ladder.keptBytes ?? null },
    ];
  });
  const columns = [
    column('workload', 'text'),
    column('target', 'text'),
    column('firstBytes', 'bytes'),
    column('marginalBytes', 'bytes'),
    column('marginalHostBytes', 'bytes'),
    column('reached', 'count'),
    column('predicted', 'count'),
    column('limit', 'text'),
    column('truth', 'count'),
    column('promised', 'count'),
    column('keptBytes', 'bytes'),
  ];
  return { id: 'density', title: key('table.density'), columns, rows };
}

export function densityStepsTable(run: Run): Table {
  const rows = (run.density ?? []).flatMap(({ workload, target, steps }) =>
    steps.map((step): Cell[] => [
      { value: workload },
      { value: target },
      { value: step.count },
      { value: step.hostBytes ?? null },
      { value: step.hostChangeBytes ?? null },
      { value: step.availableBytes ?? null },
      { value: step.cpuMsPerSecond ?? null },
      { value: step.threads ?? null },
      { value: step.writtenBytes ?? null },
    ]),
  );
  const columns = [
    column('workload', 'text'),
    column('target', 'text'),
    column('instances', 'count'),
    column('hostBytes', 'bytes'),
    column('hostChangeBytes', 'bytes'),
    column('availableBytes', 'bytes'),
    column('idleCpuMs', 'ms'),
    column('threads', 'count'),
    column('writtenBytes', 'bytes'),
  ];
  return { id: 'density-steps', title: key('table.density-steps'), columns, rows };
}

/** A prediction is good when the truth lies in its interval, or at most so far from it. */
const goodShare = 0.1;

export const densityVerdicts = (run: Run): Verdict[] => {
  const ladders = climbed(run);
  return [...ladders.flatMap((one) => verdictsOn(one)), ...timesAsMany(ladders)];
};

function verdictsOn(one: ClimbedLadder): Verdict[] {
  const { ladder, prediction, first, marginal } = one;
  const names = { workload: ladder.workload, target: ladder.target };
  const id = `${ladder.workload} ${ladder.target}`;
  const verdicts: Verdict[] = [];
  if (prediction && first && marginal) {
    const { count, interval, binding } = prediction;
    verdicts.push({
      id: `density ${id}`,
      standing: interval ? 'holds' : 'unclear',
      text: key(interval ? 'verdict.density.fits' : 'verdict.density.fits-roughly', {
        ...names,
        count,
        ...(interval && { low: interval.low, high: interval.high }),
        floor: { bytes: ladder.capacity.floorBytes },
        first: { bytes: first.value },
        marginal: { bytes: marginal.value },
      }),
    });
    verdicts.push({
      id: `density-binds ${id}`,
      standing: 'note',
      text: key(`verdict.density.binds.${binding}`, { target: ladder.target }),
    });
  } else {
    verdicts.push({
      id: `density ${id}`,
      standing: 'unclear',
      text: key('verdict.density.unknown', { ...names, reached: ladder.reached }),
    });
  }
  return [...verdicts, ...proofOf(one, id), ...endOf(one, id), ...promiseOf(one, id)];
}

/** The prediction against the truth. */
function proofOf({ ladder, prediction, truth }: ClimbedLadder, id: string): Verdict[] {
  if (truth === undefined || !prediction || !ladder.steps.some(({ proof }) => proof)) return [];
  const { count, interval } = prediction;
  const off = Math.abs(count - truth) / Math.max(1, truth);
  const good = off <= goodShare || (interval && interval.low <= truth && truth <= interval.high);
  return [
    {
      id: `density-proof ${id}`,
      standing: good ? 'holds' : 'unclear',
      text: key(good ? 'verdict.density.proved' : 'verdict.density.missed', {
        workload: ladder.workload,
        target: ladder.target,
        count,
        truth,
        off: { percent: off * 100 },
      }),
    },
  ];
}

function endOf({ ladder }: ClimbedLadder, id: string): Verdict[] {
  const { ended, guard, reached, workload, target } = ladder;
  if (ended === 'most') return [];
  const why = ended === 'guard' ? `guard-${guard}` : ended;
  return [
    {
      id: `density-end ${id}`,
      standing: ended === 'failed' ? 'warning' : 'note',
      text: key(`verdict.density.ended-${why}`, {
        workload,
        target,
        reached,
        floor: { bytes: ladder.capacity.floorBytes },
      }),
    },
  ];
}

function promiseOf(one: ClimbedLadder, id: string): Verdict[] {
  const { ladder, prediction, limitBytes } = one;
  const count = promised(one);
  if (count === undefined || !prediction || ladder.target === 'process') return [];
  return [
    {
      id: `density-promise ${id}`,
      standing: 'note',
      text: key('verdict.density.promised', {
        target: ladder.target,
        limit: { bytes: limitBytes },
        promised: count,
        count: prediction.count,
      }),
    },
  ];
}

/** How many times as many containers as VMs fit. */
const timesAsMany = (ladders: ClimbedLadder[]): Verdict[] =>
  ladders.flatMap((vm) => {
    if (!isVm(vm.ladder.target) || !vm.prediction || vm.prediction.count === 0) return [];
    const container = ladders.find(
      ({ ladder }) => isContainer(ladder.target) && ladder.workload === vm.ladder.workload,
    );
    if (!container?.prediction) return [];
    const times = container.prediction.count / vm.prediction.count;
    return [
      {
        id: `density-times ${vm.ladder.workload} ${vm.ladder.target}`,
        standing: times > 1.05 || times < 0.95 ? ('holds' as const) : ('unclear' as const),
        text: key('verdict.density.times', {
          workload: vm.ladder.workload,
          container: container.ladder.target,
          vm: vm.ladder.target,
          containers: container.prediction.count,
          vms: vm.prediction.count,
          times: { times },
        }),
      },
    ];
  });
