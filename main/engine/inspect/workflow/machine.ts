/** The machine's way: the same image becomes a disk, QEMU is started with it, a kernel boots, and the application is asked. */
import type { Plan } from '../../../contract/plan';
import { bootsOf, type Boots, type TargetId } from '../../../contract/targets';
import { stretchUpTo } from '../../../contract/run/stretches';
import { stretchOf, type WorkflowStepName } from '../../../contract/work/workflow';
import { isAbort, toFailure } from '../../base/errors';
import { shellLine } from '../../../contract/commandLine';
import type { Resources } from '../../measure/resources';
import { startTrial } from '../../measure/trial/trial';
import type { Prepared } from '../../measure/targets/target';
import type { ReadyWorkload } from '../../images/image/facts';
import type { RunScope } from '../../base/scope';
import { machineLines } from './commands';
import { followTrial } from './phases';
import type { Recorder, Written } from './recorder';

export interface MachineOrder {
  target: TargetId;
  plan: Plan;
  ready: ReadyWorkload;
  scope: RunScope;
  recorder: Recorder;
}

/** Phases that end what a guest does. */
const ofGuest = ['firmware', 'loader', 'kernel', 'init', 'network', 'exec', 'running', 'renewed', 'ready'];

const steps = Object.keys(stretchOf) as (keyof typeof stretchOf)[];

/** What a guest does up to the phase of this name. */
function stepUpTo(target: TargetId, phase: string): WorkflowStepName | undefined {
  if (!ofGuest.includes(phase)) return undefined;
  const stretch = phase === 'ready' ? 'app' : stretchUpTo(target, phase);
  return steps.find((step) => stretchOf[step] === stretch);
}

/** What is most likely going on after a phase, until the next one says. */
const guesses: Record<string, WorkflowStepName> = {
  firmware: 'loader',
  loader: 'kernel',
  kernel: 'init',
  init: 'guest-network',
  network: 'init',
  exec: 'app',
  loaded: 'resume',
  running: 'resume',
  renewed: 'app',
};

/** A distribution's services do these. */
const ofServices: readonly WorkflowStepName[] = ['guest-network', 'init'];

/** What a guest does first, by what it boots; one that is resumed is filled from its file first. */
const firsts: Partial<Record<Boots, WorkflowStepName>> = { kernel: 'kernel', system: 'firmware' };

/** Follows the way to its end; what goes wrong is in the recorder. @throws AbortError when aborted */
export async function followMachine(order: MachineOrder, resources: Resources): Promise<void> {
  const { scope, recorder } = order;
  try {
    const prepared = await prepare(order, resources);
    await start(order, prepared);
  } catch (error) {
    scope.signal.throwIfAborted();
    if (isAbort(error)) throw error;
    recorder.note({ failure: toFailure(error) });
  } finally {
    recorder.close();
  }
}

/** Everything slow that later starts share. */
async function prepare(order: MachineOrder, resources: Resources): Promise<Prepared> {
  const { scope, recorder, ready, target } = order;
  const { disk } = machineLines({ image: ready.image.reference, qemu: [], path: '/' });
  let current = recorder.begin('host', 'parts');
  const progress: RunScope['progress'] = (one) => {
    scope.progress(one);
    if (one.step !== 'disk') return;
    if (one.state === 'started') {
      current.end();
      current = recorder.begin('host', 'disk', { seen: 'call', ...(disk && { command: disk }) });
    } else if (one.state === 'done') {
      current.end();
      current = recorder.begin('host', 'parts');
    }
  };
  try {
    const opened = await resources.target(target, { ...scope, progress });
    return await opened.prepare(ready, { ...scope, progress });
  } finally {
    current.end();
  }
}

async function start({ plan, ready, target, scope, recorder }: MachineOrder, prepared: Prepared) {
  const { workload, image } = ready;
  const path = workload.probe.kind === 'http' ? workload.probe.path : '/';
  const lines = machineLines({ image: image.reference, qemu: prepared.commandLine, path });
  recorder.note({
    command: shellLine(prepared.commandLine),
    ...(prepared.accelerator && { accelerator: prepared.accelerator }),
  });
  const guest = new GuestLane(recorder, target);
  let spawn: Written | undefined;
  let last: Written | undefined;
  const phases = followTrial(recorder, {
    started: () => recorder.begin('host', 'ask', { seen: 'phase', ...(lines.ask && { command: lines.ask }) }),
    phase(name, atMs) {
      if (name === 'start')
        spawn = recorder.begin('host', 'spawn', { command: lines.spawn!, seen: 'phase' }, atMs);
      if (name === 'qemu-ready') spawn?.end(atMs);
      if (name === 'qemu-ready' && bootsOf(target) === 'memory')
        last = recorder.begin('host', 'load', { seen: 'phase' }, atMs);
      if (name === 'loaded') last?.end(atMs);
      if (name === 'stopping') last = recorder.begin('host', 'power-off', { seen: 'phase' }, atMs);
      if (name === 'stopped') last?.end(atMs);
      guest.phase(name, atMs);
    },
  });
  const turn = { workload, target, round: 0 };
  const trial = await startTrial(turn, prepared, { plan, scope, ...phases });
  spawn?.end();
  phases.ready(trial.record);
  const { failure } = await trial.end();
  scope.signal.throwIfAborted();
  if (failure) recorder.note({ failure });
}

/** What the guest does, from the marks that it sends: what lies between two is named by the later one. */
class GuestLane {
  private open: { written: Written; name: WorkflowStepName; fromMs: number } | undefined;

  constructor(
    private readonly recorder: Recorder,
    private readonly target: TargetId,
  ) {}

  phase(name: string, atMs: number): void {
    if (name === 'stopped') return this.open?.written.end(atMs);
    const was = stepUpTo(this.target, name);
    if (this.open && was !== undefined) {
      const { fromMs, name: guessed } = this.open;
      this.recorder.forget(
        (step) => step.lane === 'guest' && step.name === guessed && step.toMs === undefined,
      );
      this.recorder.write('guest', was, fromMs, atMs, { seen: 'phase', evidence: [name] });
      this.open = undefined;
    }
    const next = this.next(name);
    if (!next) return;
    this.open = {
      written: this.recorder.begin('guest', next, { seen: 'phase' }, atMs),
      name: next,
      fromMs: atMs,
    };
  }

  private next(name: string): WorkflowStepName | undefined {
    if (name === 'stopping') return 'shut-down';
    const guess = guesses[name];
    if (guess && ofServices.includes(guess) && bootsOf(this.target) === 'system') return 'services';
    if (name !== 'qemu-ready') return guess;
    return firsts[bootsOf(this.target) ?? 'nothing'];
  }
}
