/** What an engine that does nothing answers with. */
import type { DoctorReport, KitFacts } from '../../../main/contract/machine';
import type { RemovalReport, TransferReport } from '../../../main/contract/work/images';
import type { IsolationReport } from '../../../main/contract/work/isolation';
import { Plan, type PlanInput } from '../../../main/contract/plan';
import { schemaVersion, type Run, type RunSummary, type Trial } from '../../../main/contract/run/run';
import type { BuildFolder, WorkflowReport } from '../../../main/contract/work/workflow';
import type { SettingsReport } from '../../../main/contract/settings';
import { presets } from '../../../main/engine/measure/workloads/presets';

export const fakeKit: KitFacts = {
  folder: '/cache/kit',
  origin: 'cache',
  version: '1',
  kernelRelease: '6.12.0-cloud-amd64',
  builtAt: '2026-08-01T00:00:00.000Z',
  bytes: 40 * 1024 ** 2,
};

export const healthy: DoctorReport = {
  tareVersion: '0.1.0',
  checks: [
    { name: 'docker', standing: 'ok', found: { key: 'Docker 26.1.5', facts: {} } },
    { name: 'qemu', standing: 'ok', found: { key: 'QEMU 10.0.13', facts: {} } },
  ],
  targets: [
    { id: 'container', available: true },
    { id: 'vm:direct', available: true },
  ],
  free: { memoryBytes: 8 * 1024 ** 3, disk: { bytes: 64 * 1024 ** 3, folder: '/cache' } },
};

export const transferOf = (reference: string): TransferReport => ({
  reference,
  digest: 'sha256:1',
  layers: 3,
  alreadyThere: 1,
  movedBytes: 2 * 1024 ** 2,
  tookMs: 500,
  bytesPerSecond: 4 * 1024 ** 2,
  resumed: 0,
});

export const emptySettings: SettingsReport = { file: '/config/settings.json', settings: [] };

export const emptyRemoval: RemovalReport = {
  digest: 'sha256:1',
  untagged: [],
  removed: false,
  disks: [],
  usedBy: [],
};

export const emptyIsolation = (openings: IsolationReport['openings']): IsolationReport => ({
  takenAt: '2026-08-01T12:00:00.000Z',
  image: 'tare/isolation:1',
  digest: 'sha256:1',
  openings,
  subjects: [],
  rows: [],
  notes: [],
});

export const emptyWorkflow = (source: WorkflowReport['source']): WorkflowReport => ({
  takenAt: '2026-08-01T12:00:00.000Z',
  source,
  state: 'done',
  ways: [],
});

export const fakeFolder = (folder = '/data/dockerfiles/starter'): BuildFolder => ({
  path: folder,
  isOwn: folder === '/data/dockerfiles/starter',
  text: 'FROM scratch\n',
  isSaved: true,
  files: [],
});

/** A trial that went well; `readyMs` decides everything else about it. */
export function okTrial(workload: string, target: string, index: number, readyMs: number): Trial {
  const phases = [
    { name: 'start', atMs: 0 },
    { name: 'ready', atMs: readyMs },
  ];
  const hostBytes = readyMs * 1024 ** 2;
  return {
    id: `${workload}/${target}/${index}`,
    workload,
    target,
    index,
    outcome: 'ok',
    startMs: index * 1000,
    phases,
    readyMs,
    resolutionMs: 2,
    memory: {
      reservedBytes: 512 * 1024 ** 2,
      hostBytes,
      parts: [{ part: target.startsWith('vm') ? 'guest-ram' : 'workload', bytes: hostBytes }],
      missing: [],
    },
    disk: { imageBytes: 1_000_000 },
    cpuMs: 12,
  };
}

/** The record of a plan that went well: a container is ready after 10 ms, everything else after 100 ms. */
export function fakeRecord(plan: PlanInput = presets[1]!, id = '20260801-120000-0001'): Run {
  const parsed = Plan.parse(plan);
  const trials = Array.from({ length: parsed.trials }, (_, index) =>
    parsed.workloads.flatMap(({ name }) =>
      parsed.targets.map((target) => okTrial(name, target, index, target === 'container' ? 10 : 100)),
    ),
  ).flat();
  return {
    schemaVersion,
    id,
    session: 'fake',
    startedAt: '2026-08-01T12:00:00.000Z',
    endedAt: '2026-08-01T12:01:00.000Z',
    state: 'done',
    plan: parsed,
    environment: {
      tareVersion: '0.1.0',
      host: { cpu: 'Test CPU', cores: 2, memoryBytes: 8 * 1024 ** 3, kernel: '6.12.0' },
      images: [],
      commands: [],
      missing: [],
    },
    trials,
    warmups: [],
    rounds: [],
    skipped: [],
    report: {
      verdicts: [
        { id: 'start', standing: 'holds', text: { key: 'The container was ready sooner', facts: {} } },
      ],
      tables: [
        {
          id: 'start',
          title: { key: 'Start-up', facts: {} },
          columns: [
            { id: 'target', title: { key: 'Target', facts: {} }, unit: 'text' },
            { id: 'ready', title: { key: 'Ready', facts: {} }, unit: 'ms' },
          ],
          rows: [
            [{ value: 'container' }, { value: 10, interval: { low: 9, high: 11 }, n: 3 }],
            [{ value: 'vm:direct' }, { value: null }],
          ],
        },
      ],
      charts: [],
    },
  };
}

/** A run as a line of the history. */
export const summarise = (run: Run): RunSummary => ({
  id: run.id,
  startedAt: run.startedAt,
  state: run.state,
  name: run.plan.name,
  workloads: run.plan.workloads.map(({ name }) => name),
  images: run.plan.workloads.map(({ name }) => name),
  targets: run.plan.targets,
  trials: run.trials.length,
  emulated: [],
  readyMs: { container: 10 },
  ...(run.label && { label: run.label }),
});
