/** What a door may ask of runs that are made, here or on hosts. */
import type { ChosenHost, Host } from '../../contract/fleet/host';
import type { TareEvent } from '../../contract/events';
import type { OtherWork } from '../../contract/run/run';
import type { Engine, EngineOptions } from '../engine';
import { installOn, removeFrom } from '../remote/fleet/hosts/install';
import { packProgram } from '../remote/fleet/hosts/program';
import { ownCommand, programRoot, type Reach } from '../remote/fleet/reach';
import { doctorOf, namedHosts, startOnHosts } from '../remote/fleet/start';
import { needImagesElsewhere, nodesFound, swarmHosts } from '../remote/swarm/swarm';
import { keptPlan } from '../results/history/kept';
import { purgeTrash } from '../results/history/trash';
import type { Resources } from '../measure/resources';
import { newRunId, planToRun, startRun } from '../measure/run/start';
import type { Work } from '../base/work/work';

interface RunParts {
  /** hosts as they were asked for, by name those that are kept */
  chosen: (hosts: readonly ChosenHost[]) => Host[];
  resources: Resources;
  work: Work;
  /** what other Tares have under way on this machine now */
  others: () => OtherWork[];
  emit: (event: TareEvent) => void;
  closing: AbortSignal;
}

export function runCalls(
  { assetsFolder }: Pick<EngineOptions, 'assetsFolder'>,
  { chosen, resources, work, others, emit, closing }: RunParts,
): Pick<
  Engine,
  'startRun' | 'stopRun' | 'doctorHost' | 'installOnHost' | 'uninstallFromHost' | 'swarmNodes'
> {
  const { dataFolder } = resources;
  const reach = (asks: boolean): Reach => ({ asks, command: ownCommand(assetsFolder, dataFolder) });
  return {
    async startRun({ plan: asked, anyway = false, hosts, swarm, asks = false }) {
      const id = newRunId();
      const plan = planToRun(asked);
      if (swarm) needImagesElsewhere(plan);
      const found = hosts ? namedHosts(chosen(hosts), reach(asks)) : swarm && swarmHosts(swarm);
      const elsewhere = found !== undefined;
      await work.begin(
        { kind: 'run', input: { plan: keptPlan(plan) }, run: id, anyway, elsewhere },
        async (signal) => {
          await purgeTrash(dataFolder);
          signal.throwIfAborted();
          return found
            ? startOnHosts({ id, plan, anyway, swarm }, found, resources, signal, emit)
            : startRun(id, plan, resources, signal, emit, others);
        },
      );
      return id;
    },
    stopRun: ({ id }) => work.stop('run', id),
    async installOnHost({ host, asks = false }) {
      const program = await packProgram(programRoot(assetsFolder), assetsFolder);
      return installOn(chosen([host])[0]!, program, { asks, signal: closing });
    },
    uninstallFromHost: async ({ host, asks = false }) =>
      removeFrom(chosen([host])[0]!, { asks, signal: closing }),
    doctorHost: async ({ host, asks = false }) => doctorOf(chosen([host])[0]!, reach(asks), closing),
    swarmNodes: async (options) => nodesFound((await resources.docker(closing)).docker, options),
  };
}
