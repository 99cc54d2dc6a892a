/**
 * One image on its whole way, followed by what really happens: from a Dockerfile or a registry to a container that answers, and
 * from the same image to a virtual machine that answers.
 */
import { withoutSecrets } from '../../../contract/work/building';
import type { TareEvent } from '../../../contract/events';
import { Plan } from '../../../contract/plan';
import { baselineTarget } from '../../../contract/targets';
import {
  dockerLanes,
  machineLanes,
  type WorkflowMachine,
  type WorkflowReport,
  type WorkflowSource,
} from '../../../contract/work/workflow';
import { isAbort } from '../../base/errors';
import type { Resources } from '../../measure/resources';
import type { RunScope } from '../../base/scope';
import { followDocker } from './container';
import { followMachine } from './machine';
import { Recorder } from './recorder';
import { ensureStarter } from './starter';

export interface WorkflowOrder {
  source: WorkflowSource;
  machine: WorkflowMachine;
  fresh: boolean;
  port?: number | undefined;
  probe?: string | undefined;
}

/** A full system is the only machine that needs more. */
const memoryBytes = 512 * 1024 ** 2;
/** Steps are shown while they happen, but not each of hundreds by itself. */
const tellingMs = 100;

/**
 * @throws {TareError} why there is no image: `build-failed`, `image-unknown`, `docker-unreachable` …; what goes wrong with a
 *   container or a machine is in the report. AbortError when aborted; nothing is left running in any case
 */
export async function followWorkflow(
  order: WorkflowOrder,
  resources: Resources,
  scope: RunScope,
  emit: (event: TareEvent) => void,
): Promise<WorkflowReport> {
  const report: WorkflowReport = {
    takenAt: new Date().toISOString(),
    source: order.source.kind === 'folder' ? withoutSecrets(order.source) : order.source,
    state: 'running',
    ways: [],
  };
  const recorders: Recorder[] = [];
  const now = (): WorkflowReport => ({ ...report, ways: recorders.map((one) => one.way()) });
  const teller = telling(() => emit({ kind: 'workflow', report: now() }));
  const follow = (...given: [ConstructorParameters<typeof Recorder>[0], string, typeof dockerLanes]) => {
    const recorder = new Recorder(...given, teller.changed);
    recorders.push(recorder);
    return recorder;
  };
  try {
    const { name, version } = await resources.docker(scope.signal);
    report.engine = `${name} ${version}`;
    const plan = await planOf(order, resources, scope);
    const ready = await followDocker(
      { plan, fresh: order.fresh, scope, recorder: follow('docker', baselineTarget, dockerLanes) },
      resources,
    );
    const { reference, digest, bytes } = ready.image;
    report.image = { reference, digest, bytes };
    if (order.machine !== 'none') {
      const recorder = follow('machine', order.machine, machineLanes);
      await followMachine({ target: order.machine, plan, ready, scope, recorder }, resources);
    }
    const answers = recorders.map((one) => one.way().answerSha256);
    if (answers.length === 2 && answers.every(Boolean)) report.sameAnswer = answers[0] === answers[1];
    report.state = recorders.some((one) => one.way().failure) ? 'failed' : 'done';
    return now();
  } catch (error) {
    report.state = isAbort(error) || scope.signal.aborted ? 'stopped' : 'failed';
    throw error;
  } finally {
    teller.end();
  }
}

/** Tells at most ten times a second, and once more at the end. */
function telling(tell: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    changed: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        tell();
      }, tellingMs);
    },
    end: () => {
      clearTimeout(timer);
      tell();
    },
  };
}

async function planOf(order: WorkflowOrder, resources: Resources, scope: RunScope): Promise<Plan> {
  const { source, machine, port, probe } = order;
  const image =
    source.kind === 'starter' ? { kind: 'folder', path: await ensureStarter(resources, scope) } : source;
  return Plan.parse({
    name: 'workflow',
    workloads: [
      {
        name: 'app',
        image,
        ...(port !== undefined && { port }),
        ...(probe !== undefined && { probe: { kind: 'http', path: probe } }),
        limits: { memoryBytes },
      },
    ],
    targets: [baselineTarget, ...(machine === 'none' ? [] : [machine])],
    trials: 1,
  });
}
