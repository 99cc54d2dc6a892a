/** What each kind of job does, and the calls that begin and stop them. */
import type { TareEvent } from '../../contract/events';
import { withoutSecrets } from '../../contract/work/building';
import type { JobKind, WorkOutputs, JobRecord, WorkInputs } from '../../contract/work/work';
import type { Engine } from '../engine';
import { build, pull, push } from '../images/image/calls';
import { lookIntoIsolation } from '../inspect/isolation/isolation';
import type { Resources } from '../measure/resources';
import type { RunScope } from '../base/scope';
import { followWorkflow } from '../inspect/workflow/workflow';
import type { Work } from '../base/work/work';

type Bodies = { [K in JobKind]: (task: WorkInputs[K], scope: RunScope) => Promise<WorkOutputs[K]> };

function bodiesOf(resources: Resources, emit: (event: TareEvent) => void): Bodies {
  const engine = async ({ signal }: RunScope) => (await resources.docker(signal)).docker;
  return {
    pullImage: async ({ reference }, scope) => pull(await engine(scope), reference, scope),
    pushImage: async ({ reference }, scope) => push(await engine(scope), reference, scope),
    buildImage: async (order, scope) => build(await resources.docker(scope.signal), order, scope),
    buildKit: ({ kernel }, scope) => resources.buildKit(kernel, scope),
    isolation: (task, scope) => lookIntoIsolation(task, resources, scope),
    workflow: (task, scope) => followWorkflow(task, resources, scope, emit),
  };
}

/** Where more than what was asked must not be shown to whoever looks on: a build's secrets, and what its arguments are worth. */
const told: { [K in JobKind]?: (input: WorkInputs[K]) => WorkInputs[K] } = {
  buildImage: withoutSecrets,
  workflow: (input) =>
    input.source.kind === 'folder' ? { ...input, source: withoutSecrets(input.source) } : input,
};

export function jobCalls(
  resources: Resources,
  work: Work,
  emit: (event: TareEvent) => void,
): Pick<Engine, 'startJob' | 'stopJob'> {
  const bodies = bodiesOf(resources, emit);
  const begin = <K extends JobKind>(kind: K, input: WorkInputs[K]): Promise<JobRecord<K>> =>
    work.begin({ kind, input: told[kind]?.(input) ?? input }, async (signal) => {
      const scope = resources.scope(signal, { job: kind });
      return Promise.resolve({ finished: bodies[kind](input, scope) });
    });
  return {
    startJob: ({ kind, input }) => begin(kind, input),
    stopJob: ({ kind }) => work.stop(kind),
  };
}
