import fc from 'fast-check';
import type { ChartSpec } from '../../../main/contract/report/report';

const MiB = 2 ** 20;
const frame = { id: 'x', title: { key: 'x', facts: {} }, note: { key: 'x', facts: {} } };
const target = fc.constantFrom('process', 'container', 'container:crun', 'vm:micro', 'vm:direct', 'host');
const label = fc.constantFrom('web', 'api', 'worker · direct boot');
const size = fc.integer({ min: 0, max: 900 * MiB });
const range = size.map((low) => ({ low, high: Math.round(low * 1.3) }));
const orNot = { requiredKeys: ['label', 'target', 'values'] } as const;

const bars = fc.integer({ min: 1, max: 4 }).chain((parts) =>
  fc.record({
    series: fc.constant(Array.from({ length: parts }, (_, at) => ({ id: `s${at}`, label: `part ${at}` }))),
    bars: fc.array(
      fc.record(
        {
          label,
          target,
          values: fc.array(fc.option(size), { minLength: parts, maxLength: parts }),
          interval: range,
          points: fc.array(size, { maxLength: 50 }),
          quartiles: range,
          outline: size,
        },
        { requiredKeys: [...orNot.requiredKeys] },
      ),
      { minLength: 1, maxLength: 7 },
    ),
  }),
);

const reading = fc.oneof({ weight: 8, arbitrary: size }, { weight: 1, arbitrary: fc.constant(NaN) });
const lines = fc.array(
  fc.record({
    label,
    target,
    points: fc
      .array(reading, { maxLength: 30 })
      .map((values) => values.map((y, at) => ({ xMs: at * 250, y }))),
  }),
  { minLength: 1, maxLength: 6 },
);

const rows = fc.array(
  fc.record({
    label,
    target,
    spans: fc.array(fc.integer({ min: 20, max: 900 }), { minLength: 1, maxLength: 7 }).map((lengths) =>
      lengths.map((took, at) => {
        const fromMs = lengths.slice(0, at).reduce((sum, ms) => sum + ms, 0);
        return { phase: `phase ${at}`, fromMs, toMs: fromMs + took };
      }),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

const ratio = fc.double({ min: 0.02, max: 60, noNaN: true });
const around = (value: number, by: number) => ({ low: value / by, high: value * by });
const host = fc.constantFrom(
  'bench-1',
  'bench-2.example.org',
  'a-host-with-a-long-name-that-is-too-long-for-its-room',
);
const forest = fc
  .record({
    hosts: fc.array(
      fc.record({
        label: host,
        target,
        ratio,
        by: fc.double({ min: 1, max: 9, noNaN: true }),
        weight: fc.double({ min: 0, max: 1, noNaN: true }),
        emulated: fc.constantFrom(true as const, undefined),
      }),
      { minLength: 1, maxLength: 60 },
    ),
    pooled: fc.option(ratio, { nil: undefined }),
  })
  .map(({ hosts, pooled }) => ({
    rows: hosts.map(({ by, ...one }) => ({ ...one, ...(by > 1.2 && { interval: around(one.ratio, by) }) })),
    ...(pooled !== undefined && {
      pooled: {
        label: 'all hosts',
        ratio: pooled,
        interval: around(pooled, 1.1),
        prediction: around(pooled, 2),
      },
    }),
  }));

/** A chart as a report may hold it, of any kind: with gaps, missing figures, measured zeros, and targets that are none. */
export const anyChart: fc.Arbitrary<ChartSpec> = fc.oneof(
  bars.map((one): ChartSpec => ({ ...frame, kind: 'bars', unit: 'bytes', ...one })),
  lines.map((one): ChartSpec => ({ ...frame, kind: 'lines', unit: 'bytes', lines: one })),
  rows.map((one): ChartSpec => ({ ...frame, kind: 'spans', unit: 'ms', rows: one })),
  forest.map((one): ChartSpec => ({ ...frame, kind: 'forest', unit: 'times', minimumEffect: 0.05, ...one })),
);
