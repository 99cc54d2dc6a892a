/** What a task does on its node: it has the plan run there, and tells all of it on its output. */
import { readFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { agentProtocol, type AgentEvent } from '../../../../contract/fleet/agent';
import { TaskOrder } from '../../../../contract/fleet/swarm';
import type { RunId } from '../../../../contract/run/run';
import { TareError, toFailure } from '../../../base/errors';
import { openDocker } from '../../../base/docker/client';
import { connect, type Connection } from '../../fleet/connection';
import type { Way } from '../../fleet/channel';
import { hostLimits } from '../../fleet/limits';
import { filesHome } from '../../fleet/measure';
import { tareVersion } from '../../../measure/resources';
import { anySignal } from '../../../base/signals';
import { tapeNumbers, TapeWriter } from '../tape';
import { socketFile } from './places';
import { siblingWay, sweepSiblings } from './sibling';

/** Until the agent has said hello: before, the engine fills a volume with 200 MB. */
const helloMs = 180_000;

export interface TaskParts {
  /** to the agent on the node */
  way: Way;
  /** the task's own: what is written to it comes home as lines of its log */
  output: Writable;
  /** aborts: the run is stopped, and what it came to is told */
  stop: AbortSignal;
}

/**
 * What a task's program is: it reads its order, and speaks with the engine of its node.
 * @throws {TareError} `docker-unreachable`; of a file that is no order what reading it throws
 */
export async function serveTask(file: string, parts: Omit<TaskParts, 'way'>): Promise<boolean> {
  const order = TaskOrder.parse(JSON.parse(await readFile(file, 'utf8')));
  const { docker } = await openDocker({ setting: `unix://${socketFile}`, signal: parts.stop });
  await sweepSiblings(docker).catch(() => undefined); // what cannot be removed now is in no run's way
  try {
    return await runTask(order, { ...parts, way: siblingWay(docker, order) });
  } finally {
    await sweepSiblings(docker, order.session);
  }
}

/**
 * Runs the order's plan on the node, and resolves once nothing of it is left there. What goes wrong is told as the rest is.
 * @returns whether all of it came about
 */
export async function runTask({ plan, anyway }: TaskOrder, parts: TaskParts): Promise<boolean> {
  const { way, output, stop } = parts;
  const tape = new TapeWriter(output);
  let number: number = tapeNumbers.doctor;
  let ended: () => void = () => undefined;
  const isOver = new Promise<void>((resolve) => (ended = resolve));
  const onEvent = (event: AgentEvent) => void tape.say({ events: [event] });
  const onOver = (run: RunId) => {
    tape.say({ over: run });
    ended();
  };
  // until its run has begun, a stop ends the connection; from then on the run is to be stopped first
  const before = anySignal(stop);
  try {
    tape.say({ hello: { protocol: agentProtocol, version: tareVersion } });
    await using connection = await connect(way, { signal: before.signal, limitMs: helloMs, onEvent, onOver });
    tape.say({ id: number, output: await connection.call('doctor', { again: false }, hostLimits.doctorMs) });
    number = tapeNumbers.startRun;
    before.release();
    const asked = { plan, ...(anyway !== undefined && { anyway }) };
    const id = await connection.call('startRun', asked, hostLimits.startMs);
    tape.say({ id: number, output: id });
    number = tapeNumbers.measuring;
    const stopRun = () => void connection.call('stopRun', { id }, hostLimits.stopMs).catch(() => undefined);
    stop.addEventListener('abort', stopRun, { once: true });
    if (stop.aborted) stopRun();
    await unlessBroken(isOver, connection);
    for (const file of filesHome) {
      number = tapeNumbers[file];
      const told = tape.file(number);
      await connection.fetch(file, { id }, hostLimits.fileMs, told.take);
      told.end();
      tape.say({ id: number, output: undefined });
    }
    return true;
  } catch (error) {
    tape.say({ id: number, failure: toFailure(error) });
    return false;
  } finally {
    before.release();
    tape.end();
  }
}

/** @throws {TareError} why the connection is over, when it is before */
const unlessBroken = (event: Promise<void>, { over }: Connection): Promise<void> =>
  Promise.race([
    event,
    over.then((failure) => {
      throw new TareError(failure);
    }),
  ]);
