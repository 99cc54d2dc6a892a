/** What a line of the history says of the run's answer. */
import type { Answer, AnswerRow, AnswerSide } from '../../../contract/report/report';
import type { Run, RunSummary, SummaryFigure } from '../../../contract/run/run';
import { spokenOf } from '../../../contract/targets';
import { reported } from '../report/reported';
import { planId } from './series';
import { summarise } from './store';

/** The line of a run that is over. One that was recorded before reports began with an answer has it made anew, once per index. */
export async function lineOf(run: Run): Promise<RunSummary> {
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
