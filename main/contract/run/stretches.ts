/**
 * What happens between two phases of a trial. A phase is an instant; people ask what took the time before it. This is the only table of
 * that: words are `stretch.NAME`.
 */
import type { NameIn } from '../messages';
import { bootsOf, kindOf, runsOwnDisk, sharesMachine, type TargetId } from '../targets';
import type { PhaseName } from './run';

export type StretchName = NameIn<'stretch'>;

/** What happens up to each phase. */
const upTo: Record<Exclude<PhaseName, 'start'>, StretchName> = {
  created: 'create',
  network: 'network',
  exec: 'hand-over',
  started: 'start',
  spawned: 'spawn',
  'qemu-ready': 'machine',
  'network-up': 'boot',
  firmware: 'firmware',
  loader: 'loader',
  kernel: 'kernel',
  init: 'kernel',
  waiting: 'hand-over',
  loaded: 'load',
  running: 'resume',
  renewed: 'resume',
  refused: 'app',
  asked: 'pause',
  'first-byte': 'answer',
  ready: 'answer',
  measured: 'soak',
  stopping: 'soak',
  stopped: 'stop',
};

/** A distribution's services come up after its kernel, the network among them. */
const ofServices: readonly string[] = ['network', 'exec'];

/** What happens up to a phase; undefined for the start, up to which nothing does, and for a phase of a newer Tare. */
export function stretchUpTo(target: TargetId, phase: string): StretchName | undefined {
  if (bootsOf(target) === 'system' && ofServices.includes(phase)) return 'services';
  return Object.hasOwn(upTo, phase) ? upTo[phase as keyof typeof upTo] : undefined;
}

/** The phases that can be expected of a start, in order. Some are known only after the fact, and are not waited for. */
function expected(target: TargetId): readonly PhaseName[] {
  if (kindOf(target) === 'container') return ['created', 'network', 'exec', 'ready'];
  if (kindOf(target) === 'process') return ['spawned', 'exec', 'ready'];
  if (runsOwnDisk(target)) return ['spawned', 'qemu-ready', 'network-up', 'ready'];
  if (sharesMachine(target)) return ['network', 'exec', 'ready'];
  return bootsOf(target) === 'memory'
    ? ['spawned', 'qemu-ready', 'loaded', 'running', 'renewed', 'ready']
    : ['spawned', 'qemu-ready', 'init', 'network', 'exec', 'ready'];
}

/**
 * What is most likely going on now, in a start that has come through these phases; undefined once it is ready.
 * @param phases  in the order in which they were reached
 */
export function stretchUnderWay(target: TargetId, phases: readonly string[]): StretchName | undefined {
  if (phases.includes('ready')) return undefined;
  const all = expected(target);
  const last = Math.max(-1, ...phases.map((phase) => all.findIndex((one) => one === phase)));
  const next = all[last + 1];
  // the application runs, and is asked until it answers
  return next === 'ready' ? 'app' : next && stretchUpTo(target, next);
}
