/** Whether a series of readings is flat: its slope with an interval, from the end of the warming up on. */
import { fitLine } from '../../../main/engine/results/statistics/regression';
import type { Reading } from './reading';

/** Caches fill and code is compiled for a while: that is no leak, and part of no slope. */
const warmingUp = 0.25;
/** Of what there is at the end; a leak of this size an hour is felt after a day. */
const tolerablePerHour = 0.02;

const series = {
  'resident memory': { unit: 'MiB', of: ({ residentBytes }: Reading) => residentBytes / 1024 ** 2 },
  'file descriptors': { unit: '', of: ({ descriptors }: Reading) => descriptors },
  processes: { unit: '', of: ({ processes }: Reading) => processes },
  'answer to a page': { unit: 'ms', of: ({ pingMs }: Reading) => pingMs },
  'answer to a call': { unit: 'ms', of: ({ callMs }: Reading) => callMs },
  'data written': { unit: 'MiB', of: ({ writtenBytes }: Reading) => writtenBytes / 1024 ** 2 },
};

/** It grows as long as runs are kept, so its slope is told and not judged. */
const onlyTold = 'data written';

/** A table in Markdown: slope per hour with its 95 % interval. */
export function verdictOf(readings: readonly Reading[]): { table: string; isFlat: boolean } {
  const settled = readings.slice(Math.floor(readings.length * warmingUp));
  let isFlat = true;
  const lines = Object.entries(series).flatMap(([name, { unit, of }]) => {
    const points = settled.flatMap((reading) => {
      const y = of(reading);
      return y === undefined ? [] : [{ x: reading.atMinutes / 60, y }];
    });
    if (points.length < 3) return [];
    const { slope } = fitLine(points);
    const last = points.at(-1)!.y;
    const { low, high } = slope.interval!;
    const grows = low > Math.max(last, 1) * tolerablePerHour;
    if (grows && name !== onlyTold) isFlat = false;
    const said =
      name === onlyTold ? '—' : grows ? '**grows**' : low <= 0 ? 'flat' : 'within what is tolerable';
    const figures = [points[0]!.y, last, slope.value, low, high].map((figure) => figure.toFixed(1));
    const [first, end, rate, from, to] = figures as [string, string, string, string, string];
    return [`| ${name} | ${first} → ${end} ${unit} | ${rate} (${from} – ${to}) ${unit}/h | ${said} |`];
  });
  return { table: ['| what | from, to | slope | |', '|---|---|---|---|', ...lines].join('\n'), isFlat };
}
