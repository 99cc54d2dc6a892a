import { createHash } from 'node:crypto';
import path from 'node:path';
import type { CallName } from '../../../main/contract/calls';
import type { Host } from '../../../main/contract/fleet/host';
import type { NodeFound } from '../../../main/contract/fleet/swarm';
import type { CleanReport, DoctorReport, Leftover } from '../../../main/contract/machine';
import type { RunReference } from '../../../main/contract/report/comparison';
import type { HistorySeries } from '../../../main/contract/report/series';
import type { TareEvent } from '../../../main/contract/events';
import { chartName, documentName, formats } from '../../../main/contract/exports';
import { isOfHosts } from '../../../main/contract/record';
import type { Failure } from '../../../main/contract/failures';
import type { Fleet, FleetHost } from '../../../main/contract/fleet/fleet';
import { Plan } from '../../../main/contract/plan';
import { noExperience, type ComposeReading } from '../../../main/contract/planning';
import type { LocalImage, RemovalReport } from '../../../main/contract/work/images';
import type { IsolationReport } from '../../../main/contract/work/isolation';
import type { Run, RunState, Trial } from '../../../main/contract/run/run';
import type { WorkflowReport } from '../../../main/contract/work/workflow';
import type { SettingsReport } from '../../../main/contract/settings';
import type { JobKind, WorkOutputs, WorkInputs } from '../../../main/contract/work/work';
import type { Engine } from '../../../main/engine/engine';
import { TareError } from '../../../main/engine/base/errors';
import { compareRecords } from '../../../main/engine/calls/compare';
import { overviewOf } from '../../../main/engine/results/history/history';
import { lineOfHosts } from '../../../main/engine/results/history/lines';
import { readRecord } from '../../../main/engine/results/history/upgrade';
import { unlessAborted } from '../../../main/engine/base/signals';
import { Work } from '../../../main/engine/base/work/work';
import { presets } from '../../../main/engine/measure/workloads/presets';
import {
  emptyIsolation,
  emptyRemoval,
  emptySettings,
  emptyWorkflow,
  fakeFolder,
  fakeKit,
  fakeRecord,
  healthy,
  summarise,
  transferOf,
} from './fakeAnswers';
import { runOnFakeHosts } from './fakeHosts';

export interface EngineBehaviour {
  /** runs that are there from the beginning */
  runs?: Run[];
  /** and runs on several hosts, with their reports */
  fleets?: Fleet[];
  /** what a host that is asked to run something comes to */
  host?: (name: string) => FleetHost;
  series?: HistorySeries[];
  /** calls that fail: with a failure, or with an exception as a bug would */
  fails?: Partial<Record<CallName | JobKind, Failure | Error>>;
  /** changes the record of a run when it ends */
  ending?: (run: Run) => void;
  /** the second trial goes on until it is stopped */
  endless?: boolean;
  /** jobs go on until they are stopped */
  endlessJobs?: boolean;
  /** stopRun never answers */
  stopHangs?: boolean;
  /** its end comes only when it is hurried */
  closeHangs?: boolean;
  /** what it could not remove */
  leaves?: Leftover[];
  /** told before the run begins */
  events?: (run: string) => TareEvent[];
  doctor?: DoctorReport;
  clean?: CleanReport;
  isolation?: IsolationReport;
  images?: LocalImage[];
  settings?: SettingsReport;
  /** kept from the beginning */
  hosts?: Host[];
  /** of the engine's swarm */
  nodes?: NodeFound[];
  removal?: RemovalReport;
  workflow?: WorkflowReport;
  /** what any Compose file is read as */
  compose?: ComposeReading;
}

export type FakeEngine = Engine & {
  /** what was asked, in order: `startRun`, `stopRun`, `close` … */
  log: string[];
  inputs: Partial<Record<CallName | JobKind, unknown>>;
  /** resolves when an endless run is in its second trial */
  busy: Promise<void>;
};

/** Of a file: by what it is called. */
const idOf = (run: RunReference): string => ('id' in run ? run.id : path.basename(run.path, '.json'));

const later = () => new Promise<void>((resolve) => setImmediate(resolve));

/** An engine without Docker, QEMU or files, that behaves as the real one does towards a door. */
export function fakeEngine(behaviour: EngineBehaviour = {}): FakeEngine {
  const listeners = new Set<(event: TareEvent) => void>();
  const emit = (event: TareEvent) => listeners.forEach((listener) => listener(event));
  const closing = new AbortController();
  const work = new Work({ emit, note: () => () => undefined, others: () => [], closing: closing.signal });
  const runs = new Map((behaviour.runs ?? []).map((run) => [run.id, run]));
  const fleets = [...(behaviour.fleets ?? [])];
  const trash = new Map<string, Run>();
  const hosts = new Map((behaviour.hosts ?? []).map((host) => [host.name, host]));
  const log: string[] = [];
  const inputs: FakeEngine['inputs'] = {};
  let stopRequested = () => {};
  let isBusy = () => {};
  const busy = new Promise<void>((resolve) => (isBusy = resolve));

  const called = (name: CallName | JobKind, input: unknown) => {
    log.push(name);
    inputs[name] = input;
    const failure = behaviour.fails?.[name];
    if (failure instanceof Error) throw failure;
    if (failure) throw new TareError(failure);
  };
  const find = (id: string): Run => {
    const run = runs.get(id);
    if (!run) throw new TareError({ code: 'run-unknown', id });
    return run;
  };
  const findRecord = (id: string) => fleets.find((fleet) => fleet.id === id) ?? find(id);

  async function execute(record: Run, stopped: Promise<void>): Promise<RunState> {
    await later();
    for (const event of behaviour.events?.(record.id) ?? []) emit(event);
    const { id: run, trials } = record;
    emit({ kind: 'run-started', run, plan: record.plan, trials: trials.length });
    const kept: Trial[] = [];
    for (const trial of trials) {
      const { workload, target, index, startMs } = trial;
      emit({ kind: 'trial-started', run, trial: trial.id, workload, target, index, warmup: false, startMs });
      for (const phase of trial.phases) emit({ kind: 'phase', run, trial: trial.id, phase });
      if (behaviour.endless && kept.length > 0) {
        isBusy();
        await stopped;
        record.state = 'stopped';
        record.failure = { code: 'stopped' };
        break;
      }
      await later();
      kept.push(trial);
      emit({ kind: 'trial-ended', run, trial, warmup: false, done: kept.length, of: trials.length });
    }
    record.trials = kept;
    behaviour.ending?.(record);
    runs.set(run, record);
    emit({ kind: 'run-ended', run, state: record.state, ...(record.failure && { failure: record.failure }) });
    return record.state;
  }

  /** The real engine's calls are asynchronous: what they throw is always a rejection. */
  const call =
    <I, O>(name: CallName, work: (input: I) => O | Promise<O>) =>
    async (input: I): Promise<O> => {
      called(name, input);
      return work(input);
    };

  const jobs: { [K in JobKind]: (task: WorkInputs[K]) => WorkOutputs[K] } = {
    pullImage: ({ reference }) => transferOf(reference),
    pushImage: ({ reference }) => transferOf(reference),
    buildImage: ({ tag }) => ({
      reference: tag ?? 'tare/folder-app:1',
      digest: 'sha256:1',
      bytes: 1000,
      tookMs: 10,
      steps: [],
    }),
    isolation: ({ openings }) => behaviour.isolation ?? emptyIsolation(openings),
    workflow: ({ source }) => behaviour.workflow ?? emptyWorkflow(source),
    buildKit: () => fakeKit,
  };
  const startJob = <K extends JobKind>(kind: K, input: WorkInputs[K]) =>
    work.begin({ kind, input }, async (signal) => {
      const job = async () => {
        await later();
        called(kind, input);
        signal.throwIfAborted();
        if (behaviour.endlessJobs)
          await new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          );
        return jobs[kind](input);
      };
      return Promise.resolve({ finished: job() });
    });

  return {
    log,
    inputs,
    busy,
    startRun: call('startRun', async ({ plan, hosts: asked }) => {
      const id = `20260801-130000-${String(runs.size).padStart(4, '0')}`;
      const { host, endless = false } = behaviour;
      const onHosts = asked && host && { id, plan, hosts: asked, host, emit, endless, begun: isBusy };
      const stop = new Promise<void>((resolve) => (stopRequested = resolve));
      const finished = onHosts
        ? runOnFakeHosts({ ...onHosts, stop, keep: (fleet) => fleets.push(fleet) })
        : execute(fakeRecord(plan, id), stop);
      await work.begin({ kind: 'run', input: { plan }, run: id }, () => Promise.resolve({ finished }));
      return id;
    }),
    stopRun: call('stopRun', async () => {
      if (behaviour.stopHangs) await new Promise(() => {});
      stopRequested();
      await work.stop('run');
    }),
    readCompose: call(
      'readCompose',
      () => behaviour.compose ?? { plan: Plan.parse(presets[0]), services: [], warnings: [] },
    ),
    runs: call('runs', () => [
      ...[...runs.values()].map(summarise),
      ...fleets.map((fleet) => lineOfHosts(fleet, false)),
    ]),
    history: call('history', () => behaviour.series ?? []),
    previousRun: call('previousRun', () => null),
    experience: call('experience', () => noExperience),
    deletedRuns: call('deletedRuns', () =>
      [...trash.values()].map((run) => ({ ...summarise(run), deletedAt: '2026-08-01T14:00:00.000Z' })),
    ),
    labelRun: call('labelRun', ({ id, ...label }) => (find(id).label = label)),
    deleteRun: call('deleteRun', ({ id }) => {
      trash.set(id, find(id));
      runs.delete(id);
    }),
    restoreRun: call('restoreRun', ({ id }) => {
      runs.set(id, trash.get(id)!);
      trash.delete(id);
    }),
    record: call('record', ({ id }) => {
      const record = findRecord(id);
      return isOfHosts(record) ? overviewOf(record) : record;
    }),
    run: call('run', ({ id, host }) => {
      const hosts = fleets.find((one) => one.id === id)?.hosts ?? [];
      const run = host === undefined ? find(id) : hosts.find(({ name }) => name === host)?.run;
      if (!run) throw new TareError({ code: 'run-unknown', id });
      return run;
    }),
    samples: call('samples', () => []),
    followRun: call('followRun', () => ({ samples: [], until: { record: '', samples: 0 } })),
    presets: call('presets', () => presets),
    settings: call('settings', () => behaviour.settings ?? emptySettings),
    changeSettings: call('changeSettings', () => behaviour.settings ?? emptySettings),
    hosts: call('hosts', () => [...hosts.values()]),
    addHost: call('addHost', (host) => [...hosts.set(host.name, host).values()]),
    removeHost: call('removeHost', ({ name }) => {
      hosts.delete(name);
      return [...hosts.values()];
    }),
    compare: call('compare', ({ base, other, minimumEffect }) => {
      const record = (run: RunReference) => findRecord(idOf(run));
      return compareRecords(base.map(record), other.map(record), minimumEffect);
    }),
    exportRun: call('exportRun', ({ id, path: file }) => {
      findRecord(id);
      return [file];
    }),
    renderRun: call('renderRun', ({ run, format }) => {
      const record = 'record' in run ? run.record : findRecord(run.id);
      return {
        name: documentName(record, format),
        mediaType: formats[format].mediaType,
        base64: isOfHosts(record) ? Buffer.from(JSON.stringify(record)).toString('base64') : 'dGFyZQ==',
      };
    }),
    renderChart: call('renderChart', ({ chart, format }) => ({
      name: chartName(chart, format),
      mediaType: formats[format].mediaType,
      base64: 'dGFyZQ==',
    })),
    readRecord: call('readRecord', ({ text, name }) => ({ record: readRecord(text, name) })),
    installOnHost: call('installOnHost', () => '/home/me/.local/share/tare-host/0.1.0'),
    uninstallFromHost: call('uninstallFromHost', () => '/home/me/.local/share/tare-host'),
    swarmNodes: call('swarmNodes', () => behaviour.nodes ?? []),
    doctorHost: call('doctorHost', () => behaviour.doctor ?? healthy),
    doctor: call('doctor', () => behaviour.doctor ?? healthy),
    cache: call('cache', () => ({ folder: '/cache', bytes: 0, boundBytes: 1024 ** 3, kinds: [] })),
    guestParts: call('guestParts', () => [{ kernel: 'distribution' as const, facts: fakeKit }]),
    clean: call('clean', () => behaviour.clean ?? { removed: [], kept: [] }),
    images: call('images', () => behaviour.images ?? []),
    findImage: call('findImage', () => ({ os: 'linux', architecture: 'amd64' })),
    removeImage: call('removeImage', () => behaviour.removal ?? emptyRemoval),
    startJob: call('startJob', ({ kind, input }) => startJob(kind, input)),
    stopJob: call('stopJob', ({ kind }) => work.stop(kind)),
    work: call('work', () => work.records()),
    underWay: call('underWay', () => []),
    buildFolder: call('buildFolder', ({ path: folder }) => fakeFolder(folder)),
    saveBuildFolder: call('saveBuildFolder', ({ path: folder, text }) => ({ ...fakeFolder(folder), text })),
    async loadImage(content) {
      const image = createHash('sha256');
      for await (const piece of content) image.update(piece as Buffer);
      log.push(`loadImage ${image.digest('hex')}`);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close(hurry) {
      log.push('close');
      closing.abort();
      stopRequested();
      await (behaviour.closeHangs ? unlessAborted(new Promise(() => undefined), hurry) : work.close());
      return behaviour.leaves ?? [];
    },
  };
}
