import { z } from 'zod';
import { PlainFact } from '../facts';
import { Failure } from '../failures';
import type { Problem } from '../keys';

/** What a picture or table may hold: a plan has 32 workloads and 64 targets at most, and makes 1100 rounds. */
const mostPairs = 32 * 64;
const most = {
  charts: 100,
  tables: 100,
  rows: 100_000,
  columns: 100,
  series: 64,
  references: 64,
  sides: mostPairs,
  lines: mostPairs,
  spans: 200,
  /** of one bar, and of one line */
  points: 10_000,
  /** of one chart: each is something to draw */
  marks: 250_000,
};

/** Names a file, and a part of a page: nothing that leads elsewhere. */
const ChartId = z.string().regex(/^[a-zA-Z0-9-]{1,80}$/, 'not-a-name' satisfies Problem);

/** What is drawn. From 2⁵³ on not every whole number exists any more, and differences lose their meaning. */
const Drawn = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

export const Fact = z.union([
  ...PlainFact.options,
  /** a reason, worded by its own texts */
  z.object({ failure: Failure }),
]);
export type Fact = z.infer<typeof Fact>;

/** A sentence to be worded at the door: a key of assets/messages plus its facts. */
export const Message = z.object({ key: z.string(), facts: z.record(z.string(), Fact).default({}) });
export type Message = z.infer<typeof Message>;

export const Unit = z.enum(['ms', 'bytes', 'times', 'count', 'percent', 'text']);
export type Unit = z.infer<typeof Unit>;

/** A value as a fact in its unit. */
export const inUnit = (unit: 'ms' | 'bytes', value: number): Fact =>
  unit === 'ms' ? { ms: value } : { bytes: value };

export const Interval = z.object({ low: Drawn, high: Drawn });
/** Where the true value lies with 95 % confidence. */
export type Interval = z.infer<typeof Interval>;

/** One number of a table with what is needed to judge it; `value` is null when it could not be read. */
export const Cell = z.object({
  value: z.union([z.number(), z.string(), z.null()]),
  interval: Interval.optional(),
  /** how many trials the value comes from */
  n: z.number().optional(),
});
export type Cell = z.infer<typeof Cell>;

export const Table = z
  .object({
    id: z.string(),
    title: Message,
    columns: z.array(z.object({ id: z.string(), title: Message, unit: Unit })).max(most.columns),
    /** one cell per column */
    rows: z.array(z.array(Cell)).max(most.rows),
    /** what must be known to read the columns: printed under the table */
    note: Message.optional(),
  })
  .refine(({ columns, rows }) => rows.every(({ length }) => length === columns.length), {
    message: 'cells-not-columns' satisfies Problem,
    path: ['rows'],
  });
export type Table = z.infer<typeof Table>;

/**
 * What a verdict is about. `noise`: a target against itself · `precision`: the one that the plan asked for · `density`: how many
 * fit · `prediction`: whether that was right, and how it was found out
 */
export const VerdictSubject = z.enum([
  'start-up',
  'memory',
  'load',
  'density',
  'prediction',
  'noise',
  'precision',
  'claim',
]);
export type VerdictSubject = z.infer<typeof VerdictSubject>;

/**
 * What can be said of two sides. `differs`: the interval excludes equality and the difference is worth telling · `same`: the whole
 * interval lies within the smallest effect · `not-comparable`: their conditions differ
 */
export const Judgement = z.enum(['differs', 'same', 'cannot-tell', 'not-comparable']);
export type Judgement = z.infer<typeof Judgement>;

/** How the other side stands to the base: the judgement with its direction. */
export const Outcome = z.enum(['less', 'more', 'same', 'unknown', 'not-comparable']);
export type Outcome = z.infer<typeof Outcome>;

/** @param ratio  other ∕ base */
export function outcomeOf(judgement: Compared<Judgement>, ratio: number): Compared<Outcome>;
export function outcomeOf(judgement: Judgement, ratio: number): Outcome;
export function outcomeOf(judgement: Judgement, ratio: number): Outcome {
  if (judgement === 'differs') return ratio > 1 ? 'more' : 'less';
  return judgement === 'cannot-tell' ? 'unknown' : judgement;
}
type Compared<Said> = Exclude<Said, 'not-comparable'>;

export const Verdict = z.object({
  id: z.string(),
  /** absent of what concerns the whole run or the machine, and in records of Tare 0.1 */
  about: z
    .object({
      subject: VerdictSubject,
      workload: z.string().optional(),
      /** those that it speaks of */
      targets: z.array(z.string()).default([]),
      /** id of the claim that it answers: its sentence does not say the claim again */
      claim: z.string().optional(),
    })
    .optional(),
  /** `holds`: measured and clear · `unclear`: cannot tell on this machine · `note`: something the reader must know */
  standing: z.enum(['holds', 'unclear', 'note', 'warning']),
  text: Message,
  /** of a verdict that holds two sides against each other */
  judgement: Judgement.optional(),
  /** of a plan that holds B against A, and of nothing else: whether B takes more, by the judgement */
  worse: z.boolean().optional(),
  /** the smallest ratio above 1 that would have been seen in 80 % of such runs, where two sides could not be told apart */
  detectable: z.number().optional(),
  /** conditions of this machine or run that make the conclusion weaker, to be shown beside it */
  weakenedBy: z.array(Message).optional(),
});
export type Verdict = z.infer<typeof Verdict>;

const chart = {
  id: ChartId,
  /** what it shows of this run, where one thing stands out; else what is drawn */
  title: Message,
  /** what is drawn, where the title is a finding */
  what: Message.optional(),
  /** what was measured and how, n included: printed under the chart */
  note: Message,
  /** what must be read before any number of the chart, such as that its VMs were emulated: drawn where it cannot be missed */
  caution: Message.optional(),
  unit: Unit,
  /** names the quantity on the value axis, where the unit alone does not */
  axis: Message.optional(),
};
const label = z.union([z.string(), Message]);
/** times of an emulated VM, which are not the speed of VMs: drawn hatched */
const emulated = z.literal(true).optional();

/** A figure that others have published, with what must be known beside it. */
export const PublishedFigure = z.object({
  /** what was measured, by its own name */
  label,
  /** in the chart's unit */
  value: Drawn,
  /** as its source gives it: rounded, with its own unit, or as a limit */
  published: z.string(),
  /** what it was measured on, and what was counted */
  conditions: Message,
  /** where it was published, as a reader would look it up */
  source: z.string(),
});
export type PublishedFigure = z.infer<typeof PublishedFigure>;

const Bars = z.object({
  ...chart,
  kind: z.literal('bars'),
  /** the target that `times` are to */
  base: z.string().optional(),
  /** the stacked segments, in drawing order; one for a plain bar chart */
  series: z
    .array(
      z.object({
        id: z.string(),
        label,
        /** there once for all of a kind, and so part of every bar: drawn hollow */
        shared: z.literal(true).optional(),
      }),
    )
    .max(most.series),
  bars: z
    .array(
      z.object({
        label,
        target: z.string(),
        /** so many times what the base takes, paired by round as in the tables; absent of the base, and where nothing is compared */
        times: Drawn.optional(),
        /** one value per series; null is missing */
        values: z.array(Drawn.nullable()),
        interval: Interval.optional(),
        /** every single measurement, drawn as a point */
        points: z.array(Drawn).max(most.points).optional(),
        /** lower and upper quartile of the measurements, drawn as a box: half of them lie within */
        quartiles: Interval.optional(),
        /** the reservation, drawn as a thin outline around the bar */
        outline: Drawn.optional(),
        emulated,
      }),
    )
    .max(mostPairs),
  /** figures that others have published, drawn where a reader asks for them: for orientation, never compared with */
  references: z.array(PublishedFigure).max(most.references).optional(),
  /** how the references may be read, told wherever they are */
  aboutReferences: Message.optional(),
});

const Lines = z.object({
  ...chart,
  kind: z.literal('lines'),
  /** what lies below, where it is not the time since the start: the points' `xMs` is then in this unit */
  across: z.object({ unit: Unit, title: Message }).optional(),
  /** sums of many, drawn as areas down to 0 */
  filled: z.literal(true).optional(),
  lines: z
    .array(
      z.object({
        label,
        target: z.string(),
        points: z.array(z.object({ xMs: Drawn, y: Drawn })).max(most.points),
        emulated,
      }),
    )
    .max(mostPairs),
});

const Spans = z.object({
  ...chart,
  kind: z.literal('spans'),
  /** the waterfall: one row per workload and target, spans between phases; unit is ms */
  rows: z
    .array(
      z.object({
        label,
        target: z.string(),
        spans: z
          .array(
            z.object({
              /** that it ends with */
              phase: z.string(),
              /** what happens in it: `stretch.NAME`; absent in records made before this was told */
              stretch: z.string().optional(),
              fromMs: Drawn,
              toMs: Drawn,
            }),
          )
          .max(most.spans),
        emulated,
      }),
    )
    .max(mostPairs),
});

/** What can be said of one ratio on a logarithmic line. From 2⁻⁵³ on, below which nothing is drawn apart from 0. */
const DrawnRatio = z
  .number()
  .min(1 / Number.MAX_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER);
const DrawnRatios = z.object({ low: DrawnRatio, high: DrawnRatio });

const Forest = z.object({
  ...chart,
  kind: z.literal('forest'),
  /** a row per host: its ratio and how sure it is, on a logarithmic scale; unit is times */
  rows: z
    .array(
      z.object({
        label,
        target: z.string(),
        ratio: DrawnRatio,
        interval: DrawnRatios.optional(),
        /** its share in the pooled ratio, 0 to 1: the more, the larger its mark */
        weight: z.number().min(0).max(1).optional(),
        emulated,
      }),
    )
    .max(mostPairs),
  /** all of them together, as the last row */
  pooled: z
    .object({
      label,
      ratio: DrawnRatio,
      interval: DrawnRatios,
      /** where one more like these would lie */
      prediction: DrawnRatios.optional(),
    })
    .optional(),
  /** ratios nearer to 1 are no difference worth telling: 0.05 is 5 % */
  minimumEffect: z.number().positive().max(10),
});

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** How much there is to draw. */
function marksOf(
  spec: z.infer<typeof Bars> | z.infer<typeof Lines> | z.infer<typeof Spans> | z.infer<typeof Forest>,
): number {
  switch (spec.kind) {
    case 'bars':
      return sumOf(spec.bars.map(({ values, points = [] }) => values.length + points.length));
    case 'lines':
      return sumOf(spec.lines.map(({ points }) => points.length));
    case 'spans':
      return sumOf(spec.rows.map(({ spans }) => spans.length));
    case 'forest':
      return spec.rows.length;
  }
}

/** What to draw. Screen and files paint the same specification. */
export const ChartSpec = z
  .discriminatedUnion('kind', [Bars, Lines, Spans, Forest])
  .refine((spec) => marksOf(spec) <= most.marks, { message: 'too-much-to-draw' satisfies Problem })
  .refine(
    (spec) => spec.kind !== 'bars' || spec.bars.every(({ values }) => values.length === spec.series.length),
    { message: 'values-not-series' satisfies Problem, path: ['bars'] },
  );
export type ChartSpec = z.infer<typeof ChartSpec>;

/** A claim about VMs and containers, and what this machine says to it. */
export const Claim = z.object({
  id: z.enum(['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7']),
  /** `partly`: holds only for what the text names · `unknown`: not measured here, or the machine cannot tell */
  standing: z.enum(['holds', 'partly', 'fails', 'unknown']),
  /** the claim itself */
  says: Message,
  /** what was found */
  text: Message,
  weakenedBy: z.array(Message).optional(),
  figures: z.array(z.object({ label: Message, value: z.number(), unit: Unit })),
  /** id of the report's chart that shows it */
  chart: z.string().optional(),
  /** what to do so that it can be measured */
  remedy: Message.optional(),
});
export type Claim = z.infer<typeof Claim>;

/** A target's figure in the answer: of all applications together, each once. */
const AnswerSide = z.object({
  target: z.string(),
  /** names it where the target's name does not: one of two workloads that are held against each other */
  label: label.optional(),
  /** in the row's unit: the first side's centre, and that times the ratio of every other. Before the tables `ratios-…`, the median */
  value: Drawn,
  /** of the ratio, in the row's unit */
  interval: Interval.optional(),
  /** every single measurement */
  points: z.array(Drawn).max(most.points).optional(),
  /** of memory: what the first instance takes, where that is more than each further one */
  first: Drawn.optional(),
  /** what it needs besides, and shares with others of its kind: the kernel and initrd of VMs on disk. No part of `value` */
  shared: z.object({ label: Message, value: Drawn }).optional(),
  /** its VMs were emulated: their times are not the speed of VMs */
  emulated: z.literal(true).optional(),
  /** to the first side: its own value over that one's, with what may be said of it. On disk with what is shared, which has to be there */
  against: z
    .object({ ratio: Drawn, interval: Interval.optional(), judgement: Judgement.optional() })
    .optional(),
});
export type AnswerSide = z.infer<typeof AnswerSide>;

/** One quantity of the answer: a group of bars in its picture. */
const AnswerRow = z.object({
  id: z.enum(['memory', 'start-up', 'disk']),
  unit: z.enum(['bytes', 'ms']),
  /** of what, where there are several applications (of all together, or their mean), and where starts were cold */
  about: Message.optional(),
  /** the one that others are held against comes first */
  sides: z.array(AnswerSide).min(1).max(most.sides),
  /** how sure it is, in a few words: `sure: 19 – 21 ×` · `direction sure, size not: 5 – 44 ×` · `exact` */
  sureness: Message.optional(),
});
export type AnswerRow = z.infer<typeof AnswerRow>;

/** What a run says first: one sentence, one picture, how sure that is. */
export const Answer = z.object({
  /** the sentence: which takes more, how much more, with both figures */
  text: Message,
  /** how sure the sentence is, where it is about none of the rows: how many fit */
  sureness: Message.optional(),
  /** memory, start and disk, those of them that were measured */
  rows: z.array(AnswerRow).max(most.tables),
  /** what makes it less sure, each once for the whole report, the gravest first */
  doubts: z.array(Message),
  /** how many rounds would probably make the unsure rows sure; absent where all are, or where rounds would not help */
  surerRounds: z.number().optional(),
  /** the same figures application by application, where there are several */
  applications: Table.optional(),
});
export type Answer = z.infer<typeof Answer>;

/** What a run says, as data. */
export const Report = z.object({
  /** absent of a run without a single counted trial, and in records made before this was told */
  answer: Answer.optional(),
  verdicts: z.array(Verdict),
  tables: z.array(Table).max(most.tables),
  charts: z
    .array(ChartSpec)
    .max(most.charts)
    // Each names a file beside `answer`; some file systems know no capital letters.
    .refine(
      (charts) => new Set(['answer', ...charts.map(({ id }) => id.toLowerCase())]).size === charts.length + 1,
      {
        message: 'chart-named-twice' satisfies Problem,
      },
    ),
  /** of a plan with `claims`: each claim of the article, put to the test */
  claims: z.array(Claim).optional(),
});
export type Report = z.infer<typeof Report>;
