import { randomBytes } from 'node:crypto';
import type { TareEvent } from '../../../contract/events';
import type { Plan } from '../../../contract/plan';
import {
  schemaVersion,
  type OtherWork,
  type Run,
  type RunId,
  type RunState,
} from '../../../contract/run/run';
import { fingerprintsOf } from '../../results/history/fingerprints';
import { withHome } from '../../results/history/kept';
import { createRun } from '../../results/history/store';
import { needValues } from '../../base/process/given';
import { tareVersion, type Resources } from '../resources';
import type { Begun } from '../../base/work/work';
import { OthersSeen } from './othersSeen';
import { executeRun } from './runner';
import { openServices } from './services';

export const newRunId = (): RunId => {
  const [day, time] = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${day}-${time}-${randomBytes(2).toString('hex')}`;
};

/**
 * A plan as it is carried out: with whole paths, and refused where a variable has no value.
 * @throws {TareError} `value-missing`
 */
export function planToRun(asked: Plan): Plan {
  const plan = withHome(asked);
  needValues(plan);
  return plan;
}

/**
 * Begins a run and answers as soon as its folder exists. What an earlier, dead session left is removed first:
 * it would take memory from what is measured.
 * @param plan  see {@link planToRun}
 * @param signal  aborts: the run is to stop, and is finished once everything that it started is gone
 * @param others  what other Tares have under way on this machine now
 * @throws {TareError} `write-failed` · `value-missing`
 */
export async function startRun(
  id: RunId,
  plan: Plan,
  resources: Resources,
  signal: AbortSignal,
  emit: (event: TareEvent) => void,
  others: () => OtherWork[],
): Promise<Begun<RunState>> {
  const run = emptyRecord(id, plan, resources.ledger().session);
  const given = await fingerprintsOf(plan, resources.dataFolder);
  if (given.length > 0) run.environment.given = given;
  const writer = createRun(resources.dataFolder, id);
  await writer.save(run);
  const scope = resources.scope(signal, { run: id });
  const beside = new OthersSeen(others);
  const finish = async (): Promise<RunState> => {
    await using services = openServices(run, resources, scope, emit);
    const { state } = await executeRun(run, {
      ...{ scope, writer, services },
      emit(event) {
        if (event.kind === 'trial-started' || event.kind === 'trial-ended') beside.look(run.environment);
        emit(event);
      },
    });
    return state;
  };
  return { finished: finish() };
}

const emptyRecord = (id: RunId, plan: Plan, session: string): Run => ({
  schemaVersion,
  id,
  session,
  startedAt: new Date().toISOString(),
  state: 'running',
  plan,
  environment: { tareVersion, host: {}, images: [], commands: [], missing: [] },
  trials: [],
  warmups: [],
  rounds: [],
  skipped: [],
});
