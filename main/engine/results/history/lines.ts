/** A record as a line of the history. */
import { endOfFleet, type Fleet } from '../../../contract/fleet/fleet';
import { resultsOf } from '../../../contract/fleet/results';
import type { Workload } from '../../../contract/plan';
import { isOfHosts, type RunRecord } from '../../../contract/record';
import type { HostsComparison } from '../../../contract/report/fleet';
import type { Answer, AnswerRow, AnswerSide } from '../../../contract/report/report';
import type { Run, RunId, RunSummary, SummaryFigure } from '../../../contract/run/run';
import { spokenOf } from '../../../contract/targets';
import { toFailure } from '../../base/errors';
import { isCounted } from '../report/hosts/comparisons';
import { reportedFleet } from '../report/hosts/reported';
import { reported } from '../report/reported';
import { median } from '../statistics/summary';
import { planId } from './series';

/** @param isUnderWay  whether some Tare makes it, which a record of several hosts does not say itself */
export const lineOf = async (record: RunRecord, isUnderWay = false): Promise<RunSummary> =>
  isOfHosts(record) ? lineOfHosts(record, isUnderWay) : lineOfRun(record);

/** One that was recorded before reports began with an answer has it made anew, once per index. */
async function lineOfRun(run: Run): Promise<RunSummary> {
  const line = { ...summarise(run), series: planId(run) };
  if (run.state === 'running') return line;
  const { report } = await reported(run, () => Promise.resolve([]));
  const failure = run.failure ?? onlyFailure(run);
  return {
    ...line,
    ...(failure && { failure }),
    ...(report?.answer && { answer: figuresOf(report.answer) }),
  };
}

/** Why there is no figure, where not one trial has ended well. */
const onlyFailure = ({ trials }: Run): RunSummary['failure'] =>
  trials.some(({ outcome }) => outcome === 'ok') ? undefined : trials.find(({ failure }) => failure)?.failure;

function figuresOf({ rows }: Answer): NonNullable<RunSummary['answer']> {
  const figure = (id: AnswerRow['id']) => {
    const row = rows.find((one) => one.id === id);
    return row && figureOf(row);
  };
  const [memory, startUp] = [figure('memory'), figure('start-up')];
  return { ...(memory && { memory }), ...(startUp && { startUp }) };
}

/** The first side, and the one that a sentence speaks of beside it. */
function figureOf({ sides: [base, ...others] }: AnswerRow): SummaryFigure {
  const other = spokenOf(others.filter(({ against }) => against));
  const said = ({ target, value }: AnswerSide) => ({ target, value });
  return { ...said(base!), ...(other && { against: { ...said(other), ratio: other.against!.ratio } }) };
}

export function lineOfHosts(fleet: Fleet, isUnderWay: boolean): RunSummary {
  const { id, startedAt, endedAt, plan, hosts, failure } = fleet;
  const { comparisons } = reportedFleet(fleet).report;
  const state = endedAt !== undefined ? endOfFleet(fleet) : isUnderWay ? 'running' : 'interrupted';
  const trials = hosts.flatMap(({ run }) => run?.trials ?? []);
  const [memory, startUp] = [ratioOf(comparisons, 'memory'), ratioOf(comparisons, 'start-up')];
  return {
    ...summarise({ id, startedAt, plan, state, rounds: [], trials }),
    // times of several computers are not averaged
    readyMs: {},
    series: planId({ plan }),
    ...(failure && { failure }),
    hosts: {
      ...resultsOf(hosts),
      ratios: { ...(memory !== undefined && { memory }), ...(startUp !== undefined && { startUp }) },
    },
  };
}

/** The mean of hosts, or the ratio of the only one that can be compared. */
function ratioOf(
  comparisons: readonly HostsComparison[],
  metric: HostsComparison['metric'],
): number | undefined {
  const found = comparisons.find((one) => one.metric === metric);
  if (found?.pooled) return found.pooled.ratio;
  const counted = found?.hosts.filter(isCounted) ?? [];
  return counted.length === 1 ? counted[0]!.ratio : undefined;
}

/** What every record tells of itself. */
export function summarise(
  run: Pick<Run, 'id' | 'startedAt' | 'state' | 'plan' | 'trials' | 'rounds' | 'label'>,
): RunSummary {
  const readyMs: RunSummary['readyMs'] = {};
  for (const target of run.plan.targets) {
    // how long a machine takes that all are in is in none of their trials
    if (run.rounds.some((round) => round.target === target && round.machine)) continue;
    const values = run.trials.flatMap((t) =>
      t.target === target && t.outcome === 'ok' ? (t.readyMs ?? []) : [],
    );
    if (values.length > 0) readyMs[target] = median(values);
  }
  return {
    id: run.id,
    startedAt: run.startedAt,
    state: run.state,
    name: run.plan.name,
    ...(run.plan.cold && { cold: true as const }),
    workloads: run.plan.workloads.map((workload) => workload.name),
    images: run.plan.workloads.map(sourceName),
    targets: run.plan.targets,
    trials: run.trials.length,
    emulated: run.plan.targets.filter((target) =>
      run.trials.some((trial) => trial.target === target && trial.accelerator === 'tcg'),
    ),
    readyMs,
    ...(run.label && { label: run.label }),
  };
}

const sourceName = ({ image, disk }: Workload): string => {
  if (!image) return disk?.file ?? '';
  return image.kind === 'reference' ? image.reference : image.kind === 'folder' ? image.path : image.name;
};

/** When a run began, as its id says (UTC). */
const startedAtOf = (id: RunId): string =>
  id.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-.*$/, '$1-$2-$3T$4:$5:$6.000Z');

/** A run that is there but cannot be read: listed with the reason, so that nothing vanishes from the history. */
export const unreadable = (id: RunId, error: unknown): RunSummary => ({
  id,
  startedAt: startedAtOf(id),
  state: 'unreadable',
  failure: toFailure(error),
  name: '',
  workloads: [],
  images: [],
  targets: [],
  trials: 0,
  emulated: [],
  readyMs: {},
});
