/** One host of a run on several: from the first connection until its run is at home, or a reason why there is none. */
import pLimit, { type LimitFunction } from 'p-limit';
import type { AgentEvent, AgentFile } from '../../../contract/fleet/agent';
import { outcomeOf, type FleetHost } from '../../../contract/fleet/fleet';
import { withoutUser, type HostName, type HostStage, type HostWay } from '../../../contract/fleet/host';
import type { TareEvent } from '../../../contract/events';
import type { Failure } from '../../../contract/failures';
import type { DoctorReport } from '../../../contract/machine';
import { tell } from '../../../contract/messages';
import type { Plan } from '../../../contract/plan';
import type { Run, RunId } from '../../../contract/run/run';
import { describeTarget } from '../../../contract/targets';
import type { DockerClient } from '../../base/docker/client';
import { TareError, toFailure } from '../../base/errors';
import { anySignal } from '../../base/signals';
import { helpedByAsking } from './asking';
import type { Way } from './channel';
import { connect, type Connection, type ConnectOptions } from './connection';
import { broken } from './frames';
import { imagesLacking, sendImages, type PlanForHosts } from './images';
import { hostLimits, type HostLimits } from './limits';
import type { FleetRecord } from './record';

/** A host that can be reached. */
export interface ReachableHost {
  name: HostName;
  way: HostWay;
  /** absent of one that is reached by no address of its own */
  address?: string;
  reach: Way;
  /** another way, that may ask a person; tried when the first one lacks what only he can give */
  reachAsking?: Way;
}

/** What all hosts of a run share. */
export interface FleetParts {
  plan: PlanForHosts;
  /** also on hosts where another Tare is at work */
  anyway: boolean;
  record: FleetRecord;
  /** this computer's engine; only asked for when images are sent */
  engine: () => Promise<DockerClient>;
  /** aborts: what runs on hosts is stopped there, and brought home as far as it came */
  signal: AbortSignal;
  /** of this host */
  emit: (event: TareEvent) => void;
  run: RunId;
  turns: {
    /** to be connected to */
    connecting: LimitFunction;
    /** for a person to be asked */
    asking: LimitFunction;
    /** to be sent images */
    sending: LimitFunction;
    /** for runs to come home */
    homecoming: LimitFunction;
  };
  /** whether addresses are kept as they are */
  keepsUser: boolean;
  limits: HostLimits;
  times?: ConnectOptions['times'];
}

/** What is brought home of a run, in this order. */
export const filesHome = ['samples', 'record'] as const satisfies AgentFile[];

/** What ends a connection whose host may still be at work. */
const lost: ReadonlySet<Failure['code']> = new Set([
  ...(['agent-ended', 'agent-silent', 'frames-broken', 'transfer-damaged'] as const),
]);

/** Measures on one host. Never rejects: what goes wrong is in its row. */
export async function measureOn(host: ReachableHost, parts: FleetParts): Promise<Omit<FleetHost, 'run'>> {
  const { name, way, address } = host;
  const kept = (text: string): string => (parts.keepsUser ? text : withoutUser(text));
  const row: Omit<FleetHost, 'run' | 'outcome'> = {
    name,
    ...(address !== undefined && { address: kept(address) }),
    way,
  };
  const measuring = new Measuring(host, parts);
  let end: Pick<FleetHost, 'outcome' | 'failure' | 'trials'>;
  try {
    end = endOf(await measuring.run());
  } catch (error) {
    const failure = toFailure(error);
    await measuring.sweepAfter(failure);
    end = { outcome: failure.code === 'stopped' ? 'stopped' : 'failed', failure };
  }
  const { version, runId } = measuring;
  measuring.stage(end.outcome, end.failure);
  return {
    ...row,
    ...(version !== undefined && { version }),
    ...end,
    ...(end.failure && { failure: withOutput(end.failure, kept) }),
    ...(runId !== undefined && { runId }),
  };
}

/** A failure with its program's words as they are kept. */
const withOutput = (failure: Failure, kept: (text: string) => string): Failure =>
  'output' in failure && failure.output !== undefined
    ? { ...failure, output: kept(failure.output) }
    : failure;

function endOf({ state, failure, trials }: Run): Pick<FleetHost, 'outcome' | 'failure' | 'trials'> {
  return {
    outcome: outcomeOf(state),
    ...(failure && { failure }),
    trials: { of: trials.length, failed: trials.filter(({ outcome }) => outcome !== 'ok').length },
  };
}

class Measuring {
  version: string | undefined;
  /** of the run there, once it has begun */
  runId: RunId | undefined;
  /** it was asked to begin, and may have */
  private isAsked = false;
  /** something was told of the run */
  private heard: () => void = () => undefined;
  private over!: (run: RunId) => void;
  private readonly ended = new Promise<RunId>((resolve) => (this.over = resolve));

  constructor(
    private readonly host: ReachableHost,
    private readonly parts: FleetParts,
  ) {}

  stage(stage: HostStage, failure?: Failure): void {
    const { run } = this.parts;
    const version = this.version;
    this.tell({
      ...{ kind: 'host', run, stage },
      ...(version !== undefined && { version }),
      ...(failure && { failure }),
    });
  }

  private tell(event: TareEvent): void {
    this.parts.emit({ ...event, host: this.host.name });
  }

  /** What its agent tells is told as of this run. */
  private readonly pass = (event: AgentEvent): void => {
    this.heard();
    this.tell({ ...event, run: this.parts.run } as TareEvent);
  };

  /** @throws {TareError} why no run came home */
  async run(): Promise<Run> {
    const { plan, signal, turns, anyway, limits, engine } = this.parts;
    // until its run has begun, a stop ends the connection; from then on the run there is to be stopped first
    const before = anySignal(signal);
    try {
      this.stage('connecting');
      await using connection = await this.connected(before.signal);
      this.version = connection.agent.version;
      this.stage('checking');
      const lack = lackOf(await connection.call('doctor', { again: false }, limits.doctorMs), plan.plan);
      if (lack) throw new TareError(lack);
      const lacking = this.host.reach.takesNoFiles
        ? []
        : await imagesLacking(plan.images, connection, limits);
      if (lacking.length > 0)
        await turns.sending(async () => {
          signal.throwIfAborted();
          this.stage('sending-images');
          await sendImages(lacking, connection, await engine(), limits, before.signal);
        });
      signal.throwIfAborted();
      before.release();
      this.stage('measuring');
      this.isAsked = true;
      const id = await connection.call('startRun', { plan: plan.plan, anyway }, limits.startMs);
      this.runId = id;
      await this.awaitEnd(connection, id);
      return await turns.homecoming(() => this.bringHome(connection, id));
    } finally {
      before.release();
    }
  }

  private connected(signal: AbortSignal): Promise<Connection> {
    const { parts, host } = this;
    const onOver = (run: RunId) => this.over(run);
    return connected(host, parts, { signal, onEvent: this.pass, onOver });
  }

  /** Until nothing of the run is left there. A stop is asked for there, and what it came to is brought home. */
  private async awaitEnd(connection: Connection, id: RunId): Promise<void> {
    const { signal, limits } = this.parts;
    let expected = connection.expect(limits.newsMs);
    this.heard = () => expected.refresh();
    const stop = () => {
      this.heard = () => undefined;
      clearTimeout(expected);
      expected = connection.expect(limits.stopMs);
      void connection.call('stopRun', { id }, limits.stopMs).catch(() => undefined);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const lost = connection.over.then((failure) => {
        throw new TareError(failure);
      });
      lost.catch(() => undefined);
      const ended = await Promise.race([this.ended, lost]);
      if (ended !== id) throw broken('frames-no-message', Buffer.from(`over ${ended}`));
    } finally {
      this.heard = () => undefined;
      clearTimeout(expected);
      signal.removeEventListener('abort', stop);
    }
  }

  private async bringHome(connection: Connection, id: RunId): Promise<Run> {
    const { record, limits } = this.parts;
    const { name } = this.host;
    this.stage('coming-home');
    for (const file of filesHome)
      await record.keep(name, file, (take) => connection.fetch(file, { id }, limits.fileMs, take));
    const run = await record.run(name, id);
    // it lies here now; what lies there as well is removed with the next run at the latest
    await connection.call('deleteRun', { id, forGood: true }, limits.deleteMs).catch(() => undefined);
    return run;
  }

  /**
   * A host that was lost while it measured may have something left: where it can be reached again, its Tare removes what the
   * dead one began.
   */
  async sweepAfter({ code }: Failure): Promise<void> {
    if (!this.isAsked || !lost.has(code)) return;
    const { parts, host } = this;
    const { run, signal, turns, limits, times } = parts;
    try {
      await using connection = await turns.connecting(() =>
        connect(host.reach, { signal, limitMs: limits.helloMs, ...(times && { times }) }),
      );
      const { removed } = await connection.call('clean', {}, limits.cleanMs);
      if (removed.length > 0)
        this.tell({ kind: 'warning', run, text: tell('warning.host-swept', { count: removed.length }) });
    } catch {
      this.tell({ kind: 'warning', run, text: tell('warning.host-not-swept') });
    }
  }
}

/** What a host lacks for this plan; undefined where it has all, or where the plan leaves out what cannot be used. */
function lackOf({ targets }: DoctorReport, plan: Plan): Failure | undefined {
  if (plan.wholeLadder || plan.skipUnusable) return undefined;
  const bases: string[] = plan.targets.flatMap((target) => describeTarget(target)?.entry.id ?? []);
  return targets.find(({ id, available }) => !available && bases.includes(id))?.why;
}

/**
 * What works on a host, as its own Tare finds it.
 * @throws {TareError} why there is no answer; AbortError when aborted
 */
export async function lookAt(host: ReachableHost, signal: AbortSignal): Promise<DoctorReport> {
  const turns = { connecting: pLimit(1), asking: pLimit(1) };
  await using connection = await connected(host, { turns, limits: hostLimits }, { signal });
  return await connection.call('doctor', { again: true }, hostLimits.doctorMs);
}

/** Nobody is asked before it is known that there is no other way: of many hosts most need no answer. */
async function connected(
  { reach, reachAsking }: ReachableHost,
  {
    turns,
    limits,
    times,
  }: Pick<FleetParts, 'limits' | 'times'> & { turns: Pick<FleetParts['turns'], 'connecting' | 'asking'> },
  asked: Pick<ConnectOptions, 'signal' | 'onEvent' | 'onOver'>,
): Promise<Connection> {
  const by = (way: Way, limitMs: number) => () =>
    connect(way, { ...asked, limitMs, ...(times && { times }) });
  try {
    return await turns.connecting(by(reach, reach.helloMs ?? limits.helloMs));
  } catch (error) {
    if (!reachAsking || !(error instanceof TareError) || !helpedByAsking.has(error.failure.code)) throw error;
    return turns.asking(by(reachAsking, limits.helloAskedMs));
  }
}
