import type { Chart, Plugin, Scale } from 'chart.js';
import type { Locale } from '../../main/contract/appearance';
import { message, say } from '../../main/contract/messages';
import { hasPublished, type PublishedSpec } from '../../main/contract/report/published';
import type { ChartSpec } from '../../main/contract/report/report';
import type { Look } from './palette';

const headHeight = 34;
const rowHeight = 21;
const labelGap = 10;

/** Published figures stand in a lane of their own below the axis, so that none of them is taken for a bar. */
export const laneHeight = (spec: ChartSpec): number =>
  hasPublished(spec) ? headHeight + spec.references.length * rowHeight + 6 : 0;

const rowFont = (look: Look): string => `12px ${look.font}`;

/** The names' column, wide enough for the published names too. */
export function widenFor(spec: ChartSpec, look: Look, locale: Locale): (scale: Scale) => void {
  return (scale) => {
    if (!hasPublished(spec)) return;
    const { ctx } = scale;
    ctx.save();
    ctx.font = rowFont(look);
    for (const { label } of spec.references)
      scale.width = Math.max(scale.width, ctx.measureText(say(locale, label)).width + labelGap + 2);
    ctx.restore();
  };
}

export function publishedMarks(spec: ChartSpec, look: Look, locale: Locale): Plugin<'bar'>[] {
  if (!hasPublished(spec)) return [];
  return [
    {
      id: 'tare-published',
      afterDraw(chart) {
        chart.ctx.save();
        drawLane(chart, spec, look, locale);
        chart.ctx.restore();
      },
    },
  ];
}

function drawLane(chart: Chart<'bar'>, spec: PublishedSpec, look: Look, locale: Locale): void {
  const { ctx, chartArea } = chart;
  const top = chart.height - laneHeight(spec);
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = look.grid;
  ctx.strokeRect(0, top + 4.5, chart.width, 0);
  ctx.font = `600 12px ${look.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillStyle = look.text;
  ctx.fillText(message(locale, 'published.title'), 0, top + 21);
  ctx.font = rowFont(look);
  const { max } = chart.scales.x!;
  spec.references.forEach(({ label, value, published }, at) => {
    const y = Math.round(top + headHeight + (at + 0.5) * rowHeight) + 0.5;
    const x = chart.scales.x!.getPixelForValue(Math.min(value, max));
    ctx.fillStyle = look.text;
    ctx.textAlign = 'right';
    ctx.fillText(say(locale, label), chartArea.left - labelGap, y);
    ctx.strokeStyle = look.muted;
    ctx.lineWidth = 1;
    ctx.strokeRect(chartArea.left, y, x - chartArea.left, 0);
    const after = value > max ? drawArrow(ctx, x, y) : drawDiamond(ctx, x, y, look);
    ctx.fillStyle = look.muted;
    ctx.textAlign = 'left';
    ctx.fillText(published, after, y);
  });
}

/** @returns where the value's words may begin */
function drawDiamond(ctx: CanvasRenderingContext2D, x: number, y: number, look: Look): number {
  const reach = 5;
  ctx.beginPath();
  ctx.moveTo(x - reach, y);
  ctx.lineTo(x, y - reach);
  ctx.lineTo(x + reach, y);
  ctx.lineTo(x, y + reach);
  ctx.closePath();
  ctx.fillStyle = look.surface;
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.stroke();
  return x + reach + 6;
}

/** The figure lies beyond the axis' end. */
function drawArrow(ctx: CanvasRenderingContext2D, x: number, y: number): number {
  const tip = x + 13;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(tip, y);
  ctx.moveTo(tip - 5, y - 4);
  ctx.lineTo(tip, y);
  ctx.lineTo(tip - 5, y + 4);
  ctx.lineWidth = 1.25;
  ctx.stroke();
  return tip + 6;
}
