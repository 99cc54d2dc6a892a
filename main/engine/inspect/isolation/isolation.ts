/**
 * What is shared with the host and what is not, for each way of running one and the same image. One instance at a time is
 * started; the witness in it is asked over HTTP, and the host is looked at while it is up.
 */
import { tell } from '../../../contract/messages';
import http from 'node:http';
import {
  isolationFacts,
  type IsolationReport,
  type IsolationRow,
  type IsolationSubject,
} from '../../../contract/work/isolation';
import type { Privileges } from '../../../contract/privileges';
import { Plan } from '../../../contract/plan';
import { kindOf, type TargetId } from '../../../contract/targets';
import type { Message } from '../../../contract/report/report';
import { isAbort, TareError, toFailure } from '../../base/errors';
import { steps } from '../../base/steps';
import type { Resources } from '../../measure/resources';
import { startMachine } from '../../measure/trial/machine';
import { startTrial, type RunningTrial } from '../../measure/trial/trial';
import type { Instance, Prepared } from '../../measure/targets/target';
import { withImage, type ReadyWorkload } from '../../images/image/facts';
import { freePort } from '../../base/process/ports';
import type { RunScope } from '../../base/scope';
import { comparisons, waysToLook, type Sides } from './compare';
import { hostSections, hostView, witnesses } from './host';
import { neighboursOf } from './neighbours';
import { plant, type Planted } from './planted';
import { sectionsOf, testimonyOf, type Testimony } from './testimony';

/** Enough for the witness and for a guest's kernel. */
const memoryBytes = 256 * 1024 ** 2;
const longestAnswerMs = 30_000;
const largestAnswerBytes = 8 * 1024 ** 2;

export interface IsolationOrder {
  targets: TargetId[];
  openings: Privileges;
}

/**
 * @throws {TareError} what stands in the way of all targets: `docker-unreachable`, `build-failed` …; what stands in the way of
 *   one is in its subject. AbortError when aborted; nothing is left running in any case
 */
export async function lookIntoIsolation(
  order: IsolationOrder,
  resources: Resources,
  scope: RunScope,
): Promise<IsolationReport> {
  const plan = witnessPlan(order, await freePort());
  const [resolved] = (await resources.resolve(plan, scope)).values();
  const ready = withImage(plan.targets[0]!, resolved!);
  const subjects: IsolationSubject[] = [];
  const seen: { target: TargetId; sides: Sides }[] = [];
  for (const target of plan.targets) {
    const subject: IsolationSubject = { target, commandLine: [] };
    subjects.push(subject);
    const step = steps(scope, 'isolation', target);
    try {
      seen.push({ target, sides: await lookInto(subject, plan, ready, resources, scope) });
    } catch (error) {
      scope.signal.throwIfAborted();
      if (isAbort(error)) throw error;
      subject.failure = toFailure(error);
    }
    step.done();
  }
  return {
    takenAt: new Date().toISOString(),
    image: ready.image.reference,
    digest: ready.image.digest,
    openings: order.openings,
    subjects,
    rows: rowsOf(seen),
    notes: notesOn(order, seen),
  };
}

/** @param port one that is free here: a plain process listens on this computer's own */
const witnessPlan = ({ targets, openings: privileges }: IsolationOrder, port: number): Plan =>
  Plan.parse({
    name: 'isolation',
    workloads: [
      {
        name: 'isolation', // what a VM takes for its host name
        image: { kind: 'builtin', name: 'witness' },
        command: ['-p', `${port}`],
        port,
        limits: { memoryBytes },
        openings: privileges,
      },
    ],
    targets,
    trials: 1,
  });

/** Starts the witness on one target, hears it, looks at the host meanwhile, and stops it. */
async function lookInto(
  subject: IsolationSubject,
  plan: Plan,
  ready: ReadyWorkload,
  resources: Resources,
  scope: RunScope,
): Promise<Sides> {
  const target = await resources.target(subject.target, scope);
  const neighbour = { ...ready, workload: { ...ready.workload, name: 'neighbour' } };
  const prepared = target.prepareTogether
    ? (await target.prepareTogether([ready, neighbour], scope))[0]!
    : await target.prepare(ready, scope);
  subject.commandLine = prepared.commandLine;
  if (prepared.accelerator) subject.accelerator = prepared.accelerator;
  const before = witnesses();
  const context = {
    plan,
    scope,
    originMs: performance.now(),
    onPhase: () => undefined,
    onStarted: () => undefined,
  };
  const machine = await startMachine(prepared, context);
  const begin = ({ workload }: ReadyWorkload) => {
    const start: Prepared['start'] = (limits, mark, scope) =>
      machine ? machine.start(workload.name, mark, scope) : prepared.start(limits, mark, scope);
    return startTrial({ workload, target: subject.target, round: 0 }, { ...prepared, start }, context);
  };
  const trial = await begin(ready);
  let sides: Sides | undefined;
  const planted = await plant(scope.ledger);
  try {
    if (trial.instance && !trial.record.failure) {
      sides = await hear(trial.instance, before, planted, scope);
      if (machine)
        subject.neighbours = neighboursOf(sides.inside, await hearNeighbour(await begin(neighbour), scope));
    }
  } catch (error) {
    trial.fail(error);
  } finally {
    await planted[Symbol.asyncDispose]();
  }
  const { failure } = await trial.end();
  await machine?.end();
  if (failure) throw new TareError(failure);
  return sides!;
}

/** The witness once more, beside the first in the same machine. */
async function hearNeighbour(trial: RunningTrial, { signal }: RunScope): Promise<Testimony> {
  const answer = trial.instance && !trial.record.failure && (await get(trial.instance, '/', signal));
  const { failure } = await trial.end();
  if (failure) throw new TareError(failure);
  return testimonyOf(sectionsOf(answer || ''));
}

async function hear(
  instance: Instance,
  before: Set<number>,
  { port, file, word }: Planted,
  scope: RunScope,
): Promise<Sides> {
  const query = new URLSearchParams({ port: `${port}`, file, pid: `${process.pid}` });
  const answer = await get(instance, `/?${query.toString()}`, scope.signal);
  const host = hostSections(Date.now());
  const outside = hostView(before, scope.ledger.session);
  const { processes = [], ...rest } = testimonyOf(host);
  const name = processes.find(({ pid }) => pid === process.pid)?.name ?? '';
  return {
    host: { ...rest, ...(processes.length > 0 && { processes }) },
    inside: testimonyOf(sectionsOf(answer)),
    known: { pid: process.pid, name },
    word,
    ...(outside && { outside }),
  };
}

/** The witness's whole answer. */
function get({ host, port }: Instance, path: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host, port, path, agent: false, signal, timeout: longestAnswerMs },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          answer += text;
          if (answer.length > largestAnswerBytes) response.destroy(new Error('endless'));
        });
        response.on('error', reject);
        response.on('end', () => resolve(answer));
      },
    );
    request.on('timeout', () => request.destroy(new Error('silent')));
    request.on('error', reject);
  });
}

/** The host's column is what it said last: what changes there between two subjects is of no matter to any row. */
function rowsOf(seen: { target: TargetId; sides: Sides }[]): IsolationRow[] {
  const last = seen.at(-1);
  if (!last) return [];
  return isolationFacts.map((fact) => {
    const { host: tell, sight } = comparisons[fact];
    const host = tell?.(last.sides.host);
    return {
      fact,
      ...(host && { host }),
      sights: seen.map(({ target, sides }) => ({ target, ...sight(sides) })),
      how: waysToLook[fact],
    };
  });
}

function notesOn(
  { openings: privileges }: IsolationOrder,
  seen: { target: TargetId; sides: Sides }[],
): Message[] {
  const usesVm = seen.some(({ target }) => kindOf(target) === 'vm');
  const apart = seen.some(
    ({ target, sides }) => kindOf(target) === 'container' && sides.host.boot !== sides.inside.boot,
  );
  return [
    ...(usesVm && (privileges.pid ?? privileges.privileged) ? [tell('isolation.note.openings-vm')] : []),
    ...(seen.some(({ target }) => kindOf(target) === 'process')
      ? [tell('isolation.note.process-network')]
      : []),
    ...(apart ? [tell('isolation.note.kernel-elsewhere')] : []),
  ];
}
