/** The longer work beside runs: asked for by a call that lasts as long as it does, or by one that answers at once. */
import type { Parsed } from '../../contract/calls';
import type { TareEvent } from '../../contract/events';
import type { JobCall, JobOutputs } from '../../contract/work';
import type { Engine } from '../engine';
import { toFailure } from '../errors';
import { build, pull, push } from '../image/calls';
import { lookIntoIsolation } from '../isolation/isolation';
import type { JobRecords } from './records';
import type { Jobs } from './jobs';
import type { Resources } from '../resources';
import type { RunScope } from '../scope';
import { followWorkflow } from '../workflow/workflow';

type LongerCalls = Pick<Engine, JobCall | 'startJob' | 'jobs' | 'stopJob'>;

/** @param scope  opened by what needs one, once it does */
type Works = {
  [N in JobCall]: (input: Parsed<N>, signal: AbortSignal, scope: () => RunScope) => Promise<JobOutputs[N]>;
};

function worksOf(resources: Resources, emit: (event: TareEvent) => void): Works {
  const engine = async (signal: AbortSignal) => (await resources.docker(signal)).docker;
  return {
    pullImage: async ({ reference }, signal, scope) => pull(await engine(signal), reference, scope()),
    pushImage: async ({ reference }, signal, scope) => push(await engine(signal), reference, scope()),
    buildImage: async ({ path, tag }, signal, scope) => build(await engine(signal), path, tag, scope()),
    buildKit: ({ kernel }, _, scope) => resources.buildKit(kernel, scope()),
    isolation: (order, _, scope) => lookIntoIsolation(order, resources, scope()),
    workflow: (order, _, scope) => followWorkflow(order, resources, scope(), emit),
  };
}

/** @param refuseBesideRun  throws while something is measured that it would disturb */
export function longerCalls(
  resources: Resources,
  jobs: Jobs,
  records: JobRecords,
  refuseBesideRun: () => void,
  emit: (event: TareEvent) => void,
): LongerCalls {
  const works = worksOf(resources, emit);

  /** Its record is ended before anybody learns that it is over, so that the next one may begin. */
  function begin<N extends JobCall>(call: N, input: Parsed<N>) {
    refuseBesideRun();
    const record = records.begin(call, input);
    const done = jobs.run(call, async (signal): Promise<JobOutputs[N]> => {
      try {
        const value = await works[call](input, signal, () => resources.scope(signal, { call }));
        records.end(call, { ok: true, value });
        return value;
      } catch (error) {
        records.end(call, { ok: false, failure: toFailure(error) });
        throw error;
      }
    });
    return { record, done };
  }
  const lasting =
    <N extends JobCall>(call: N) =>
    async (input: Parsed<N>): Promise<JobOutputs[N]> =>
      begin(call, input).done;

  return {
    pullImage: lasting('pullImage'),
    pushImage: lasting('pushImage'),
    buildImage: lasting('buildImage'),
    isolation: lasting('isolation'),
    workflow: lasting('workflow'),
    buildKit: lasting('buildKit'),
    async startJob({ call, input }) {
      const { record, done } = begin(call, input);
      done.catch(() => undefined); // its record tells
      return Promise.resolve(record);
    },
    jobs: () => Promise.resolve(records.all()),
    stopJob({ call }) {
      records.stopping(call);
      return jobs.stop(call);
    },
  };
}
