import { expect, test } from 'vitest';
import { z } from 'zod';
import { comparedMetrics, imageMetrics, roundMetrics, trialMetrics } from '../../../main/contract/metrics';
import { Lifecycle } from '../../../main/contract/run/lifecycle';
import { LoadResult } from '../../../main/contract/run/load';
import { OwnUse } from '../../../main/contract/run/ownUse';
import {
  insideNames,
  partNames,
  TrialDisk,
  TrialMemory,
  type PartName,
  type Trial,
} from '../../../main/contract/run/run';
import { csv } from '../../../main/engine/results/export/csv';
import { fakeRun } from '../../support/fakes/fakeRun';

/** Every number that a schema has, filled in with one of its own. */
function filled(schema: z.ZodObject, next: () => number): Record<string, unknown> {
  const fields = Object.entries(schema.shape).flatMap(([name, field]): [string, unknown][] => {
    const bare = unwrapped(field as z.ZodType);
    if (bare instanceof z.ZodNumber) return [[name, next()]];
    return bare instanceof z.ZodObject ? [[name, filled(bare, next)]] : [];
  });
  return Object.fromEntries(fields);
}
const unwrapped = (type: z.ZodType): z.ZodType =>
  type instanceof z.ZodOptional ? unwrapped(type.unwrap() as z.ZodType) : type;

/** A run whose first trial has every figure that a record can hold, each of them another number. */
function fullRun() {
  let last = 10_000; // so many answers have a slowest thousandth
  const next = () => (last += 1);
  const numbered = <Name extends string>(names: readonly Name[]) =>
    names.map((part) => ({ part, bytes: next() }));
  const run = fakeRun();
  const trial = run.trials[0]!;
  trial.memory = {
    ...(filled(TrialMemory, next) as Partial<Trial['memory']>),
    parts: numbered<PartName>(partNames),
    inside: numbered(insideNames),
    missing: [],
  };
  trial.disk = filled(TrialDisk, next);
  trial.load = filled(LoadResult, next) as Trial['load'];
  trial.lifecycle = { ...filled(Lifecycle, next), missing: [] };
  Object.assign(trial, { startMs: next(), readyMs: next(), resolutionMs: next(), cpuMs: next() });
  Object.assign(trial, { engineCpuMs: next(), ownUse: filled(OwnUse, next) });
  trial.stop = { how: 'polite', tookMs: next() };
  Object.assign(run.environment.images[0]!, { bytes: next(), compressedBytes: next(), sharedBytes: next() });
  run.environment.images[0]!.layers = next();
  Object.assign(run.rounds[0]!, { hostChangeBytes: next(), engineChangeBytes: next(), keptBytes: next() });
  return { run, numbers: Array.from({ length: last - 10_000 }, (_, at) => String(10_001 + at)) };
}

test('every figure of a record is a metric, and a column of CSV', () => {
  const { run, numbers } = fullRun();
  const [head = '', first = ''] = csv.files(run, 'en')[0]!.content.split('\r\n');
  const fields = new Set(first.split(','));
  expect(numbers.filter((number) => !fields.has(number))).toEqual([]);
  const names = head.split(',');
  expect(new Set(names).size).toBe(names.length);
  for (const { id } of [...trialMetrics, ...imageMetrics, ...roundMetrics]) expect(names).toContain(id);
});

test('columns that scripts know stay where they are', () => {
  const [head = ''] = csv.files(fakeRun({ plan: { trials: 1 } }), 'en')[0]!.content.split('\r\n');
  expect(head.split(',').slice(0, 33)).toEqual(
    `trial workload target round outcome failure accelerator startMs readyMs resolutionMs
    reservedBytes hostBytes pssBytes workingSetBytes guestUsedBytes balloonUsedBytes guestCacheBytes
    part.workloadBytes part.guest-ramBytes part.vmmBytes part.translationBytes part.shimBytes part.proxiesBytes
    imageBytes vmDiskBytes vmDiskLogicalBytes kernelBytes snapshotBytes writtenBytes cpuMs stop stopMs
    answerSha256`.split(/\s+/),
  );
});

test('no two metrics have one name, nor two columns of a table', () => {
  const all = [...trialMetrics, ...imageMetrics, ...roundMetrics];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const columns = all.flatMap(({ shown }) => (shown ? [`${shown.table} ${shown.column}`] : []));
  expect(new Set(columns).size).toBe(columns.length);
  for (const compared of comparedMetrics) expect(trialMetrics).toContain(compared);
});
