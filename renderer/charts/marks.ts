import type { Chart, Plugin } from 'chart.js';
import type { Locale } from '../../main/contract/appearance';
import { message } from '../../main/contract/messages';
import { showValue } from '../../main/contract/quantities';
import { measuredEnd, totalOf, type BarsSpec } from './layout';
import type { Look } from './palette';

/** What Chart.js does not draw itself: the reservation's outline, every measurement as a point, the interval, the value. */
export function barMarks(spec: BarsSpec, look: Look, locale: Locale): Plugin<'bar'> {
  return {
    id: 'tare-bar-marks',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      const elements = chart.getDatasetMeta(0).data as unknown as { y: number; height: number }[];
      ctx.save();
      spec.bars.forEach((bar, index) => {
        const element = elements[index];
        if (!element) return;
        const place = { y: element.y, height: element.height };
        if (bar.outline !== undefined) drawOutline(chart, place, bar.outline, spec, look, locale);
        if (bar.quartiles) drawBox(chart, place, bar.quartiles, look);
        const radius = (bar.points?.length ?? 0) > 10 ? 2.1 : 2.75;
        bar.points?.forEach((value, number) => drawPoint(chart, place, value, number, radius, look));
        // beside a box plot the interval stands below the bar, where it can be told from the box
        const under = { y: place.y + place.height / 2 + 7, height: 16 };
        if (bar.interval) drawInterval(chart, bar.quartiles ? under : place, bar.interval, look);
        drawValue(chart, place, bar, spec, look, locale);
      });
      ctx.restore();
    },
  };
}

interface Place {
  /** middle of the bar */
  y: number;
  height: number;
}

const across = (chart: Chart<'bar'>, value: number): number => chart.scales.x!.getPixelForValue(value);

function drawOutline(
  chart: Chart<'bar'>,
  { y, height }: Place,
  value: number,
  spec: BarsSpec,
  look: Look,
  locale: Locale,
): void {
  const { ctx, chartArea } = chart;
  const fits = value <= chart.scales.x!.max;
  const left = across(chart, 0);
  const right = fits ? across(chart, value) : chartArea.right;
  const [top, bottom] = [y - height / 2 - 4, y + height / 2 + 4];
  ctx.strokeStyle = look.muted;
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  ctx.beginPath();
  if (fits) {
    ctx.roundRect(left, top, right - left, bottom - top, 3);
  } else {
    // it goes on beyond the axis: open on the right, and told in words
    ctx.moveTo(right, top);
    ctx.lineTo(left, top);
    ctx.lineTo(left, bottom);
    ctx.lineTo(right, bottom);
  }
  ctx.stroke();
  if (fits) return;
  const text = `${message(locale, 'ui.chart.reservedBeyond', { amount: showValue(locale, spec.unit, value) })} →`;
  ctx.font = `11px ${look.font}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = look.muted;
  ctx.fillText(text, chart.width - 4, y);
}

/** The box of a box plot, see-through, so that it neither hides the bar nor the points. */
function drawBox(
  chart: Chart<'bar'>,
  { y, height }: Place,
  quartiles: { low: number; high: number },
  look: Look,
): void {
  const { ctx } = chart;
  const [low, high] = [across(chart, quartiles.low), across(chart, quartiles.high)];
  const box = [low, y - height * 0.36, Math.max(1, high - low), height * 0.72] as const;
  ctx.globalAlpha = 0.55;
  ctx.fillStyle = look.surface;
  ctx.fillRect(...box);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = look.text;
  ctx.lineWidth = 1.25;
  ctx.setLineDash([]);
  ctx.strokeRect(...box);
}

/** Points lie above and below the interval's line, spread in a fixed order, so that equal values stay visible. */
function drawPoint(
  chart: Chart<'bar'>,
  { y, height }: Place,
  value: number,
  number: number,
  radius: number,
  look: Look,
): void {
  const { ctx } = chart;
  const spread = (0.25 + 0.2 * ((number * 0.618) % 1)) * (number % 2 === 0 ? -1 : 1);
  ctx.beginPath();
  ctx.arc(across(chart, value), y + spread * height, radius, 0, Math.PI * 2);
  ctx.fillStyle = look.text;
  ctx.fill();
  ctx.lineWidth = 1.25;
  ctx.strokeStyle = look.surface;
  ctx.stroke();
}

function drawInterval(
  chart: Chart<'bar'>,
  { y, height }: Place,
  interval: { low: number; high: number },
  look: Look,
): void {
  const { ctx } = chart;
  const [low, high] = [across(chart, interval.low), across(chart, interval.high)];
  const cap = Math.min(7, height / 3);
  const path = () => {
    ctx.beginPath();
    ctx.moveTo(low, y);
    ctx.lineTo(high, y);
    for (const x of [low, high]) {
      ctx.moveTo(x, y - cap);
      ctx.lineTo(x, y + cap);
    }
    ctx.stroke();
  };
  // a halo keeps it readable on any fill
  ctx.strokeStyle = look.surface;
  ctx.lineWidth = 3.5;
  path();
  ctx.strokeStyle = look.text;
  ctx.lineWidth = 1.5;
  path();
}

function drawValue(
  chart: Chart<'bar'>,
  { y }: Place,
  bar: BarsSpec['bars'][number],
  spec: BarsSpec,
  look: Look,
  locale: Locale,
): void {
  const { ctx } = chart;
  const total = totalOf(bar);
  ctx.font = `600 12px ${look.font}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = total === null ? look.muted : look.text;
  const text = total === null ? message(locale, 'ui.chart.missing') : showValue(locale, spec.unit, total);
  ctx.fillText(text, across(chart, Math.min(measuredEnd(bar), chart.scales.x!.max)) + 9, y);
}
