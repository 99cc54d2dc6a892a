import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import type { Locale } from '../../main/contract/appearance';
import type { ChartSpec } from '../../main/contract/report/report';
import { configurationOf, extendLines, type Fill, type Painter } from './configuration';
import { continues, type LinesSpec } from './layout';
import { lookOf, type Look } from './palette';

/** This folder is all that knows Chart.js; only what is drawn is registered, so the rest is left out of the bundle. */
Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

export interface PaintOptions {
  locale: Locale;
  /** the colours are read from the page, once for each theme */
  theme: string;
  showReserved: boolean;
}

/** A chart on a canvas; its owner destroys it. */
export interface Painting {
  update(spec: ChartSpec, options: PaintOptions): void;
  destroy(): void;
}

const isLines = (spec: ChartSpec): spec is LinesSpec => spec.kind === 'lines';

export type Paint = typeof paint;

export function paint(canvas: HTMLCanvasElement, spec: ChartSpec, options: PaintOptions): Painting {
  let look = lookOf(canvas);
  let last = options;
  const painterFor = ({ locale, theme, showReserved }: PaintOptions, width: number): Painter => {
    if (theme !== last.theme) look = lookOf(canvas);
    return { look, locale, fill: filler(look), showReserved, buckets: Math.max(100, width || 800) };
  };
  let chart = new Chart(canvas, configurationOf(spec, painterFor(options, canvas.clientWidth)));
  let shown = spec;
  return {
    update(next, nextOptions) {
      const painter = painterFor(nextOptions, chart.width);
      const sameLook = nextOptions.theme === last.theme && nextOptions.locale === last.locale;
      if (sameLook && isLines(next) && isLines(shown) && continues(shown, next)) {
        extendLines(chart as Chart<'line'>, next, painter);
      } else {
        chart.destroy();
        chart = new Chart(canvas, configurationOf(next, painter));
      }
      shown = next;
      last = nextOptions;
    },
    destroy: () => chart.destroy(),
  };
}

const side = 8;

/** Fills containers plainly and hatches virtual machines. */
function filler(look: Look): Fill {
  const made = new Map<string, CanvasPattern>();
  return (colour, kind) => {
    if (kind !== 'vm') return colour;
    const known = made.get(colour) ?? hatch(colour, look.surface);
    if (known) made.set(colour, known);
    return known ?? colour;
  };
}

function hatch(colour: string, gap: string): CanvasPattern | null {
  const scale = window.devicePixelRatio || 1;
  const tile = document.createElement('canvas');
  tile.width = tile.height = side * scale;
  const context = tile.getContext('2d');
  if (!context) return null;
  context.scale(scale, scale);
  context.fillStyle = colour;
  context.fillRect(0, 0, side, side);
  context.strokeStyle = gap;
  context.globalAlpha = 0.5;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const from of [-side, 0, side]) {
    context.moveTo(from, side);
    context.lineTo(from + side, 0);
  }
  context.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
}
