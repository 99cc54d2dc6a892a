import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { isMessageKey, say } from '../../../../../main/contract/messages';
import type { DensityLadder, DensityStep } from '../../../../../main/contract/run/density';
import type { Message } from '../../../../../main/contract/report/report';
import {
  memoryCosts,
  memorySource,
  predict,
} from '../../../../../main/engine/results/report/estimates/prediction';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { seededRandom } from '../../../../../main/engine/results/statistics/random';
import { densityRun, heavier, quiet } from '../../../../support/fakes/densityRun';
import { cellOf, chartOf, rowsOf, verdictsOf } from '../../../../support/fakes/reports';
import { fitting, simulatedLadders, usualTruth } from '../../../../support/statistics/simulatedLadders';

const mebibyte = 1024 ** 2;

test('a single ladder has no interval, and nothing is claimed from it', () => {
  const { report } = densityRun({ ladders: 1 });
  expect(cellOf(report, 'density', 0, 'predicted').interval).toBeUndefined();
  expect(verdictsOf(report, 'density web').map(({ standing, text }) => [standing, text.key])).toEqual([
    ['unclear', 'verdict.density.fits-roughly'],
    ['unclear', 'verdict.density.fits-roughly'],
  ]);
  expect(verdictsOf(report, 'density-times')[0]).toMatchObject({
    standing: 'unclear',
    judgement: 'cannot-tell',
    text: { key: 'verdict.density.times.no-interval' },
  });
});

describe('how many times as many fit', () => {
  test('is told with an interval that holds the truth', () => {
    const [verdict] = verdictsOf(densityRun().report, 'density-times');
    expect(verdict).toMatchObject({ standing: 'holds', judgement: 'differs' });
    const { low, high } = verdict!.text.facts as Record<string, { times: number }>;
    const truth = fitting(usualTruth) / fitting(heavier);
    expect(low!.times).toBeLessThan(truth);
    expect(high!.times).toBeGreaterThan(truth);
  });

  test('is called the same only where the whole interval says so', () => {
    const exact = { ...quiet, readingBytes: 0.05 * mebibyte };
    const vm = simulatedLadders(usualTruth, exact, 3, seededRandom(4));
    const container = simulatedLadders(usualTruth, exact, 3, seededRandom(5));
    expect(verdictsOf(densityRun({ vm, container }).report, 'density-times')[0]).toMatchObject({
      standing: 'holds',
      judgement: 'same',
    });
  });

  test('cannot be told from books that err as much, and what would have been seen is', () => {
    const wild = { ...quiet, ladder: 0.2 };
    const vm = simulatedLadders(usualTruth, wild, 3, seededRandom(4));
    const container = simulatedLadders(usualTruth, wild, 3, seededRandom(5));
    const [verdict] = verdictsOf(densityRun({ vm, container }).report, 'density-times');
    expect(verdict).toMatchObject({ standing: 'unclear', judgement: 'cannot-tell' });
    expect(verdict!.detectable).toBeGreaterThan(1.1);
  });
});

describe('the two books', () => {
  test('agree where the host lost what instances say they hold', () => {
    const { report } = densityRun();
    const { interval } = cellOf(report, 'density-costs', 0, 'residualBytes');
    expect(interval!.low).toBeLessThan(0);
    expect(interval!.high).toBeGreaterThan(0);
    expect(verdictsOf(report, 'density-books')).toEqual([]);
  });

  test('are told apart where something is in nobody’s', () => {
    const container = simulatedLadders(usualTruth, quiet, 3, seededRandom(6));
    for (const step of container.flatMap(({ steps }) => steps)) step.hostBytes! *= 0.7;
    const [verdict] = verdictsOf(densityRun({ container }).report, 'density-books');
    expect(verdict).toMatchObject({ standing: 'warning', text: { key: 'verdict.density.books-differ' } });
    const { low, high } = verdict!.text.facts as Record<string, { bytes: number }>;
    expect(low!.bytes).toBeLessThan(0.3 * usualTruth.eachBytes);
    expect(high!.bytes).toBeGreaterThan(0.3 * usualTruth.eachBytes);
  });

  test('are the instances’ own where other work disturbed the host’s', () => {
    const container = simulatedLadders(
      usualTruth,
      { ...quiet, readingBytes: 300 * mebibyte },
      3,
      seededRandom(8),
    );
    expect(memorySource(memoryCosts(container))).toBe('own');
    const { report } = densityRun({ container });
    expect(verdictsOf(report, 'density-books')[0]!.text.key).toBe('verdict.density.by-own');
    expect(rowsOf(report, 'density')[0]!.predicted).toBe(Math.floor(fitting(usualTruth)));
  });
});

describe('limits', () => {
  const withCapacity = (
    capacity: Partial<DensityLadder['capacity']>,
    step: (count: number) => Partial<DensityStep>,
  ) => {
    const ladders = simulatedLadders(usualTruth, quiet, 3, seededRandom(9));
    return ladders.map((ladder) => ({
      ...ladder,
      capacity: { ...ladder.capacity, ...capacity },
      steps: ladder.steps.map((one) => ({ ...one, ...step(one.count) })),
    }));
  };

  test.each([
    {
      limit: 'threads',
      capacity: { threads: 900 },
      step: (count: number) => ({ threads: 9 * count }),
      count: 100,
    },
    {
      limit: 'pids',
      capacity: { pids: 450, threads: 900 },
      step: (count: number) => ({ threads: 9 * count }),
      count: 50,
    },
    {
      limit: 'files',
      capacity: { files: 1000 },
      step: (count: number) => ({ files: 40 * count }),
      count: 25,
    },
    {
      limit: 'disk',
      capacity: { diskBytes: 3e9 },
      step: (count: number) => ({ writtenBytes: 1e8 * count }),
      count: 30,
    },
    { limit: 'bridge', capacity: { bridge: 60, ports: 20_000 }, step: () => ({}), count: 60 },
  ] as const)(
    '$limit binds where it is the nearest, and memory is told beside it',
    ({ limit, capacity, step, count }) => {
      const container = withCapacity(capacity, step);
      expect(predict(container)).toMatchObject({ limit, count });
      const { report } = densityRun({ container });
      expect(verdictsOf(report, 'density-binds web container')[0]!.text.key).toBe(
        `verdict.density.binds.${limit}`,
      );
      const limits = rowsOf(report, 'density-limits').filter(({ target }) => target === 'container');
      expect(limits[0]).toMatchObject({ limit, predicted: count });
      expect(limits.map((row) => row.limit)).toContain('memory');
    },
  );

  test('that are counted one by one are certain, even with one ladder', () => {
    const [one] = withCapacity({ bridge: 60 }, () => ({}));
    const { report } = densityRun({ container: [one!] });
    expect(verdictsOf(report, 'density web container')[0]).toMatchObject({
      standing: 'holds',
      text: { key: 'verdict.density.fits-counted' },
    });
  });

  test('fill the room of the figure by which use is read, not of another', () => {
    const lists = 500 * mebibyte; // in the processors' own lists, which MemAvailable leaves out
    const ladders = simulatedLadders(usualTruth, quiet, 3, seededRandom(9));
    const cut = ladders.map((ladder) => ({
      ...ladder,
      capacity: { ...ladder.capacity, availableBytes: usualTruth.roomBytes - lists },
    }));
    expect(predict(cut)).toEqual(predict(ladders));
  });
});

test('what stopped ladders is told by its reason, once', () => {
  const container = simulatedLadders(usualTruth, quiet, 3, seededRandom(2)).map(
    (ladder, at): DensityLadder => ({
      ...ladder,
      reached: 6 + at,
      ended: 'guard',
      guard: at < 2 ? 'bridge' : 'pressure',
    }),
  );
  const told = verdictsOf(densityRun({ container }).report, 'density-end').map(({ text }) => [
    text.key,
    text.facts.reached,
  ]);
  expect(told).toEqual([
    ['verdict.density.ended-guard-bridge', '6–7'],
    ['verdict.density.ended-guard-pressure', '8'],
  ]);
});

describe('starts while others run', () => {
  const { run, report } = densityRun();
  const rows = rowsOf(report, 'density-starts').filter(({ target }) => target === 'container');

  test('are told by how many were up', () => {
    expect(rows.map(({ upBefore, n }) => [upBefore, n])).toEqual([
      ['0', 3],
      ['1', 3],
      ['2–3', 6],
      ['4–7', 12],
      ['0–7', 24], // all of them
    ]);
  });

  test('have a 95th percentile only where starts allow it', () => {
    expect(rows.map(({ readyP95Ms }) => readyP95Ms !== null)).toEqual([false, false, false, false, true]);
    for (const trial of run.trials) trial.upBefore = 5;
    const [row] = rowsOf(makeReport(run, []), 'density-starts');
    const slowest = run.trials.filter(({ target }) => target === 'container').map(({ readyMs }) => readyMs!);
    expect(row).toMatchObject({ upBefore: '5', n: 24 });
    expect(row!.readyP95Ms).toBeGreaterThan(Number(row!.readyMs));
    expect(row!.readyP95Ms).toBeLessThanOrEqual(Math.max(...slowest));
  });
});

test('starts while others run are lines over how many were up, the 95th percentile where there are enough', () => {
  const { run, report } = densityRun();
  const { lines, across } = chartOf(report, 'density-starts', 'lines');
  expect(across!.unit).toBe('count');
  expect(lines.map(({ target, points }) => [target, points.map(({ xMs }) => xMs)])).toEqual([
    ['container', [0, 1, 2.5, 5.5]],
    ['vm:direct', [0, 1, 2.5, 5.5]],
  ]);
  const twice = [...run.trials, ...run.trials.map((trial) => ({ ...trial, id: `${trial.id}+` }))];
  const more = makeReport({ ...run, trials: twice }, []);
  // 24 starts found 4 to 7 others up, 12 found 2 or 3: a single point is no line
  expect(chartOf(more, 'density-starts', 'lines').lines).toHaveLength(2);
  const most = makeReport({ ...run, trials: [...twice, ...twice] }, []);
  const p95 = chartOf(most, 'density-starts', 'lines').lines.filter(
    ({ label }) => (label as Message).key === 'chart.density-starts.p95',
  );
  expect(p95.map(({ points }) => points.map(({ xMs }) => xMs))).toEqual([
    [2.5, 5.5],
    [2.5, 5.5],
  ]);
});

test('the answer says how sure it is of how many fit', () => {
  const { text, sureness } = densityRun().report.answer!;
  expect(text.key).toBe('answer.density.differs');
  expect(sureness!.key).toMatch(/sureness\.(sure|direction)$/);
  const { low, high } = sureness!.facts as { low: number; high: number };
  const { times } = text.facts.times as { times: number };
  expect(low).toBeLessThanOrEqual(times);
  expect(high).toBeGreaterThanOrEqual(times);
  expect(densityRun({ ladders: 1 }).report.answer!.sureness!.key).toBe('answer.sureness.no-interval');
});

test('each rung tells who answered and how long work waited, over all ladders', () => {
  const [one, two] = rowsOf(densityRun().report, 'density-strain');
  expect(one).toMatchObject({
    instances: 1,
    n: 3,
    answered: 100,
    cpuPressure: 12,
    cpuStalledMs: 340,
    ioPressure: null,
  });
  expect(two).toMatchObject({ instances: 2, answered: 50 });
});

test('a proof stands as a point beside its prediction', () => {
  const container = simulatedLadders(usualTruth, quiet, 3, seededRandom(2));
  const last = container.at(-1)!;
  last.steps.push({ count: 345, proof: true });
  Object.assign(last, { ended: 'guard', guard: 'memory', reached: 347 });
  const { report } = densityRun({ container });
  expect(chartOf(report, 'density', 'bars').bars[0]!.points).toEqual([347]);
  expect(verdictsOf(report, 'density-proof')[0]).toMatchObject({
    standing: 'holds',
    text: { facts: { truth: 347 } },
  });
});

test.each([{}, { ladders: 1 }, { ladders: 6 }])(
  'all of it has words in both languages ($ladders)',
  (staging) => {
    const messages: Message[] = [];
    JSON.stringify(densityRun(staging).report, (_, value: unknown) => {
      if (value && typeof value === 'object' && 'key' in value && 'facts' in value)
        messages.push(value as Message);
      return value;
    });
    for (const text of messages) {
      expect(text.key).toSatisfy(isMessageKey);
      for (const locale of locales) expect(say(locale, text)).not.toMatch(/\{\w+\}/);
    }
  },
);
