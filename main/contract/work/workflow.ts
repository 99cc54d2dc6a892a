import { z } from 'zod';
import { FolderSource } from './building';
import type { Locale } from '../appearance';
import type { Failure } from '../failures';
import { Reference } from './images';
import { imageMachines, type TargetId } from '../targets';
import { nameOf, say, tell } from '../messages';
import type { Fact, Message } from '../report/report';
import type { Accelerator } from '../run/run';
import type { StretchName } from '../run/stretches';

/** What is followed on its way from a Dockerfile or a registry to a running container and to a virtual machine. */
export const WorkflowSource = z.discriminatedUnion('kind', [
  /** Tare's own starter folder, which needs no registry */
  z.object({ kind: z.literal('starter') }),
  FolderSource,
  /** a reference: pulled, unless it is here */
  z.object({ kind: z.literal('reference'), reference: Reference }),
]);
export type WorkflowSource = z.infer<typeof WorkflowSource>;

/** The machine that the image is started in beside the container. */
export const workflowMachines = [...imageMachines, 'none'] as const;
export const WorkflowMachine = z.enum(workflowMachines);
export type WorkflowMachine = z.infer<typeof WorkflowMachine>;

/**
 * Who does something. On Docker's way: `client` asks (Tare, in the role of the `docker` command), `daemon` does the work, `registry`
 * keeps images. On the machine's way: `host` is this computer outside of the VM, `guest` what goes on inside.
 */
export type WorkflowLane = 'client' | 'daemon' | 'registry' | 'host' | 'guest';

/** How a lane is called: the daemon's by what of a build goes on in it, where it is one part among others. */
export const laneName = ({ lane, part }: Pick<WorkflowWay['lanes'][number], 'lane' | 'part'>): Message => {
  if (!part) return tell(`workflow.lane.${lane}`);
  if (part.kind === 'own') return tell('workflow.part.own');
  if (part.name === undefined) return tell('workflow.part.only');
  // a stage without a name is called `stage-3` by BuildKit, which counts from 0
  return tell('workflow.part.stage', { name: part.name.replace(/^stage-(?=\d+$)/, '') });
};

export const dockerLanes: readonly WorkflowLane[] = ['client', 'daemon', 'registry'];
export const machineLanes: readonly WorkflowLane[] = ['host', 'guest'];

/** Steps that are stretches of a start have the names of the table of stretches. */
export const stretchOf = {
  load: 'load',
  firmware: 'firmware',
  loader: 'loader',
  kernel: 'kernel',
  'guest-network': 'network',
  init: 'hand-over',
  services: 'services',
  app: 'app',
  resume: 'resume',
} as const satisfies Partial<Record<WorkflowStepName, StretchName>>;

/** What a step is called, as a title. */
export function stepTitle(locale: Locale, { name, facts }: Pick<WorkflowStep, 'name' | 'facts'>): string {
  if (!isStretch(name)) return say(locale, tell(`workflow.step.${name}`, facts));
  const words = nameOf(locale, 'stretch', stretchOf[name]);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
const isStretch = (name: WorkflowStepName): name is keyof typeof stretchOf => Object.hasOwn(stretchOf, name);

/** Every step there can be: each has a title (see `stepTitle`) and a plain sentence `workflow.about.NAME`. */
export type WorkflowStepName =
  | 'build'
  | 'pull'
  | 'look-up'
  | 'create'
  | 'start'
  | 'ask'
  | 'stop'
  | 'remove'
  | 'forget-image'
  | 'other'
  | 'receive-context'
  | 'build-step'
  | 'build-cached'
  | 'build-graph'
  | 'build-own'
  | 'tag'
  | 'resolve'
  | 'receive'
  | 'unpack'
  | 'finish-pull'
  | 'writable-layer'
  | 'network'
  | 'runtime'
  | 'namespaces'
  | 'start-all'
  | 'end-process'
  | 'take-down'
  | 'delete-layer'
  | 'manifest'
  | 'layers'
  | 'parts'
  | 'disk'
  | 'spawn'
  | 'load'
  | 'power-off'
  | 'firmware'
  | 'loader'
  | 'kernel'
  | 'init'
  | 'guest-network'
  | 'services'
  | 'app'
  | 'resume'
  | 'shut-down'
  | 'idle-client'
  | 'idle-daemon'
  | 'idle-registry'
  | 'idle-host'
  | 'idle-guest'
  | 'own-work';

/** How the beginning and the end of a step were seen. */
type WorkflowSight = 'call' | 'program' | 'event' | 'stream' | 'cgroup' | 'phase' | 'gap';

/** One thing that somebody did, on the clock of its way. */
export interface WorkflowStep {
  name: WorkflowStepName;
  facts: Record<string, Fact>;
  fromMs: number;
  toMs: number;
  /** nothing happens in this lane meanwhile */
  idle: boolean;
  /** not over yet: `toMs` is now */
  growing?: true;
  seen: WorkflowSight;
  /** what was asked of the daemon: method, path and status */
  request?: string;
  /** the same, or what shows it, for a terminal */
  command?: string;
  /** in the words of the daemon or of the kernel, line by line */
  evidence: string[];
  /** of what BuildKit does: names the step within its way */
  id?: string;
  /** those that had to be over before, by their `id` */
  inputs?: string[];
}

/** A part of a build by BuildKit, which goes on beside others: a stage, named where the Dockerfile has more than one, or what it does itself. */
export type BuildPart = { kind: 'own' } | { kind: 'stage'; name?: string };

/**
 * From the first thing that is done to the last. The steps of each lane follow each other without a hole and add up to `tookMs`. What the
 * daemon does at the same time for one build has lanes of its own, below the daemon's: one for each part, or more where that needs it.
 */
export interface WorkflowWay {
  id: 'docker' | 'machine';
  target: TargetId;
  accelerator?: Accelerator;
  /** the whole, from its first call until everything is gone */
  tookMs: number;
  /** when the application gave its first good answer */
  readyMs?: number;
  /** from the start of the container, or of QEMU, to that answer */
  startMs?: number;
  lanes: { lane: WorkflowLane; part?: BuildPart; steps: WorkflowStep[] }[];
  /** the whole start as one line for a terminal */
  command?: string;
  /** of what the application answered */
  answerSha256?: string;
  failure?: Failure;
}

/** The way of one image, as far as it has come. */
export interface WorkflowReport {
  takenAt: string;
  source: WorkflowSource;
  state: 'running' | 'done' | 'failed' | 'stopped';
  engine?: string;
  /** known once it is here */
  image?: { reference: string; digest: string; bytes: number };
  ways: WorkflowWay[];
  /** whether both ways answered with the same bytes; absent until both have */
  sameAnswer?: boolean;
}

/** A folder that an image is built from. */
export interface BuildFolder {
  path: string;
  /** Tare's own, in its data folder */
  isOwn: boolean;
  /** its Dockerfile; the starter where there is none */
  text: string;
  /** whether that is what the folder holds */
  isSaved: boolean;
  /** what else lies in it, by name */
  files: string[];
}

/** A Dockerfile larger than this is no Dockerfile. */
export const largestDockerfile = 64 * 1024;
