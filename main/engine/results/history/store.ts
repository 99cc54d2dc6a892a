/**
 * Runs on disk: `run.json` is replaced atomically after every trial, samples are appended as they come.
 * Whatever kills Tare, everything measured so far can be read again.
 */
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import type { Workload } from '../../../contract/plan';
import type { Run, RunId, RunSummary, Sample } from '../../../contract/run/run';
import { isRunId, Sample as SampleSchema } from '../../../contract/run/run';
import { TareError, toFailure } from '../../base/errors';
import { foreignText } from '../../base/foreignText';
import { makeFolder } from '../../base/folder';
import { median } from '../statistics/summary';
import { keptRun } from './kept';
import { runFile, runFolder, runsFolder, samplesFile } from '../../base/paths';
import { readRun } from './upgrade';

export interface RunWriter {
  /** replaces run.json; while the run lives, samples that could not be kept make it fail too */
  save(run: Run): Promise<void>;
  append(samples: Sample[]): void;
  /**
   * Resolves when the samples are on disk. The run's record can still be saved after that, whatever became of them.
   * @throws {TareError} `write-failed`
   */
  close(): Promise<void>;
}

const explain = (path: string) => (error: unknown) => {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  throw new TareError({ code: 'write-failed', path, reason }, { cause: error });
};

/**
 * What a disk did not take, in the place of the older record that is still there: a full disk must not hide what was measured from
 * whoever made this run. By the file that it should be in.
 */
const unkept = new Map<string, Run>();

/**
 * Makes the folder of a new run.
 * @throws {TareError} `write-failed` when the data folder cannot be written
 */
export function createRun(data: string, id: RunId): RunWriter {
  const folder = runFolder(data, id);
  try {
    makeFolder(folder);
  } catch (error) {
    explain(folder)(error);
  }
  const file = samplesFile(data, id);
  const stream = createWriteStream(file, { flags: 'a' });
  let broken: Error | undefined;
  let closing = false;
  stream.on('error', (error) => (broken ??= error)); // reported by the next save: a full disk must not crash the run
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  return {
    async save(run) {
      const target = runFile(data, id);
      const record = keptRun(run);
      unkept.set(target, record);
      if (broken && !closing) explain(file)(broken);
      await writeFileAtomic(target, JSON.stringify(record, null, 1) + '\n').catch(explain(target));
      unkept.delete(target);
    },
    append(samples) {
      if (!broken) stream.write(samples.map((sample) => JSON.stringify(sample) + '\n').join(''));
    },
    async close() {
      closing = true;
      if (!broken) stream.end();
      await closed;
      if (broken) explain(file)(broken);
    },
  };
}

/**
 * A run as its file has it, or as this process has it where the file could not be written.
 * @throws {TareError} `run-unknown` · `run-unreadable` · `run-too-new`
 */
export async function loadRun(data: string, id: RunId): Promise<Run> {
  const lost = unkept.get(runFile(data, id));
  if (lost) return structuredClone(lost);
  return loadRunFile(runFile(data, id)).catch((error: unknown) => {
    const { failure } = error as TareError;
    throw failure?.code === 'run-unreadable' && failure.reason === 'ENOENT'
      ? new TareError({ code: 'run-unknown', id })
      : error;
  });
}

/**
 * A run.json wherever it lies.
 * @throws {TareError} `run-unreadable` · `run-too-new`
 */
export async function loadRunFile(file: string): Promise<Run> {
  const text = await foreignText(file, { bytes: mostBytes }).catch((error: NodeJS.ErrnoException) => {
    throw new TareError({ code: 'run-unreadable', path: file, reason: error.code ?? error.message });
  });
  return readRun(text, file);
}

/** Of a record, and of its samples: ten thousand trials take some 40 MB. */
const mostBytes = 384 * 1024 ** 2;

/**
 * Samples of a run, in the order they were taken. A torn line, as a kill leaves it, is skipped.
 * @throws {TareError} `run-unreadable`
 */
export async function loadSamples(data: string, id: RunId): Promise<Sample[]> {
  const file = samplesFile(data, id);
  const text = await foreignText(file, { bytes: mostBytes }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new TareError({ code: 'run-unreadable', path: file, reason: error.code ?? error.message });
  });
  return text.split('\n').flatMap((line) => parseSample(line) ?? []);
}

export function parseSample(line: string): Sample | undefined {
  try {
    return SampleSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Ids of all runs, oldest first. */
export async function runIds(data: string): Promise<RunId[]> {
  const names = await readdir(runsFolder(data)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter(isRunId).sort();
}

/** One line of the history. */
export function summarise(
  run: Pick<Run, 'id' | 'startedAt' | 'state' | 'plan' | 'trials' | 'rounds' | 'label'>,
): RunSummary {
  const readyMs: RunSummary['readyMs'] = {};
  for (const target of run.plan.targets) {
    // how long a machine takes that all are in is in none of their trials
    if (run.rounds.some((round) => round.target === target && round.machine)) continue;
    const values = run.trials.flatMap((t) =>
      t.target === target && t.outcome === 'ok' ? (t.readyMs ?? []) : [],
    );
    if (values.length > 0) readyMs[target] = median(values);
  }
  return {
    id: run.id,
    startedAt: run.startedAt,
    state: run.state,
    name: run.plan.name,
    ...(run.plan.cold && { cold: true as const }),
    workloads: run.plan.workloads.map((workload) => workload.name),
    images: run.plan.workloads.map(sourceName),
    targets: run.plan.targets,
    trials: run.trials.length,
    emulated: run.plan.targets.filter((target) =>
      run.trials.some((trial) => trial.target === target && trial.accelerator === 'tcg'),
    ),
    readyMs,
    ...(run.label && { label: run.label }),
  };
}

const sourceName = ({ image, disk }: Workload): string => {
  if (!image) return disk?.file ?? '';
  return image.kind === 'reference' ? image.reference : image.kind === 'folder' ? image.path : image.name;
};

/** When a run began, as its id says (UTC). */
const startedAtOf = (id: RunId): string =>
  id.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-.*$/, '$1-$2-$3T$4:$5:$6.000Z');

/** A run that is there but cannot be read: listed with the reason, so that nothing vanishes from the history. */
export const unreadable = (id: RunId, error: unknown): RunSummary => ({
  id,
  startedAt: startedAtOf(id),
  state: 'unreadable',
  failure: toFailure(error),
  name: '',
  workloads: [],
  images: [],
  targets: [],
  trials: 0,
  emulated: [],
  readyMs: {},
});
