/** One host of a run on several: from the first connection until its run is at home, or a reason why there is none. */
import pLimit, { type LimitFunction } from 'p-limit';
import { outcomeOf, type FleetHost } from '../../../contract/fleet/fleet';
import { withoutUser, type HostName, type HostStage, type HostWay } from '../../../contract/fleet/host';
import type { TareEvent } from '../../../contract/events';
import type { Failure } from '../../../contract/failures';
import { CleanReport, DoctorReport } from '../../../contract/machine';
import { tell } from '../../../contract/messages';
import type { Plan } from '../../../contract/plan';
import type { Run, RunId } from '../../../contract/run/run';
import type { RunEvent } from '../../../contract/run/stream';
import { describeTarget } from '../../../contract/targets';
import type { DockerClient } from '../../base/docker/client';
import { TareError, toFailure } from '../../base/errors';
import { ask, order } from './ask';
import { helpedByAsking } from './asking';
import type { Way } from './channel';
import { followRun } from './follow';
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
    /** for a large record to come home */
    homecoming: LimitFunction;
  };
  /** whether addresses are kept as they are */
  keepsUser: boolean;
  limits: HostLimits;
}

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
  private way: Way;

  constructor(
    private readonly host: ReachableHost,
    private readonly parts: FleetParts,
  ) {
    this.way = host.reach;
  }

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

  /** @throws {TareError} why no run came home */
  async run(): Promise<Run> {
    const { plan, signal } = this.parts;
    this.stage('connecting');
    if (!this.way.onlyRuns) {
      const { way, report } = await lookBy(this.host, this.parts, signal);
      this.way = way;
      this.version = report.tareVersion;
      this.stage('checking');
      const lack = lackOf(report, plan.plan);
      if (lack) throw new TareError(lack);
      await this.sendImages();
    }
    signal.throwIfAborted();
    this.isAsked = true;
    const run = await this.follow();
    // it lies here now; what lies there as well is in nobody's way
    const limits = { signal: new AbortController().signal, limitMs: this.parts.limits.deleteMs };
    if (!this.way.onlyRuns)
      await order(this.way, ['delete', run.id, '--for-good'], limits).catch(() => undefined);
    return run;
  }

  private async sendImages(): Promise<void> {
    const { plan, signal, turns, limits, engine } = this.parts;
    const lacking = await imagesLacking(plan.images, this.way, limits, signal);
    if (lacking.length === 0) return;
    await turns.sending(async () => {
      signal.throwIfAborted();
      this.stage('sending-images');
      await sendImages(lacking, this.way, await engine(), limits, signal);
    });
  }

  /** Until the run there is over, and at home. */
  private async follow(): Promise<Run> {
    const { plan, signal, turns, anyway, limits, record } = this.parts;
    const { name } = this.host;
    const samples = record.samples(name);
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const homecoming = held(turns.homecoming);
    try {
      const ended = followRun(this.way, {
        ...{ plan: plan.plan, anyway, signal, limits, large: homecoming.take },
        helloMs: this.way.helloMs ?? limits.helloMs,
        begun: ({ version, run }) => {
          this.version = version;
          this.runId = run;
          this.stage('measuring');
          begin();
        },
        hear: (event) => this.hear(event, samples),
      });
      ended.catch(() => undefined);
      await turns.connecting(() => Promise.race([begun, ended]));
      const told = await ended;
      this.stage('coming-home');
      const run = await record.keep(name, this.runId!, told);
      await samples.close(true);
      return run;
    } finally {
      homecoming.release();
      await samples.close(false).catch(() => undefined); // why it came to nothing is known
    }
  }

  /** What is told there is told as of this run. */
  private hear(event: RunEvent, samples: ReturnType<FleetRecord['samples']>): Promise<void> | undefined {
    this.tell({ ...event, run: this.parts.run } as TareEvent);
    return event.kind === 'samples' ? samples.append(event.samples) : undefined;
  }

  /**
   * A host that was lost while it measured may have something left: where it can be reached again, its Tare removes what the
   * dead one began.
   */
  async sweepAfter({ code }: Failure): Promise<void> {
    if (!this.isAsked || this.way.onlyRuns || !lost.has(code)) return;
    const { run, signal, turns, limits } = this.parts;
    try {
      const { removed } = await turns.connecting(() =>
        ask(this.way, ['clean', '--json'], CleanReport, { signal, limitMs: limits.cleanMs }),
      );
      if (removed.length > 0)
        this.tell({ kind: 'warning', run, text: tell('warning.host-swept', { count: removed.length }) });
    } catch {
      this.tell({ kind: 'warning', run, text: tell('warning.host-not-swept') });
    }
  }
}

/** A turn that is taken in one place and given back in another. */
function held(turns: LimitFunction): { take: () => Promise<void>; release: () => void } {
  let release: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (release = resolve));
  return {
    take: () => new Promise((taken) => void turns(() => (taken(), over))),
    release,
  };
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
  return (await lookBy(host, { turns, limits: hostLimits }, signal)).report;
}

/** Nobody is asked before it is known that there is no other way: of many hosts most need no answer. */
async function lookBy(
  { reach, reachAsking }: ReachableHost,
  {
    turns,
    limits,
  }: Pick<FleetParts, 'limits'> & { turns: Pick<FleetParts['turns'], 'connecting' | 'asking'> },
  signal: AbortSignal,
): Promise<{ way: Way; report: DoctorReport }> {
  const by = (way: Way, limitMs: number) => async () => ({
    way,
    report: await ask(way, ['doctor', '--json'], DoctorReport, { signal, limitMs }),
  });
  try {
    return await turns.connecting(by(reach, limits.doctorMs));
  } catch (error) {
    if (!reachAsking || !(error instanceof TareError) || !helpedByAsking.has(error.failure.code)) throw error;
    return turns.asking(by(reachAsking, limits.helloAskedMs + limits.doctorMs));
  }
}
