/** Diagonal lines over bars: what they show was emulated. Chart.js has patterns only where there is a document to make them in. */
import type { ChartType, Plugin } from 'chart.js';
import { hatchLines } from '../marks';

interface HatchingOptions {
  /** of a dataset, whether each of its bars is hatched */
  bars?: readonly (readonly boolean[])[];
  colour?: string;
}

declare module 'chart.js' {
  interface PluginOptionsByType<TType extends ChartType> {
    /** absent where nothing is hatched */
    hatching?: TType extends ChartType ? HatchingOptions : never;
  }
}

/** What Chart.js tells of a bar. */
interface Bar {
  x: number;
  y: number;
  base: number;
  height: number;
}

/** What is used of a canvas, which neither Node nor the engine's types know. */
interface Pen {
  strokeStyle: string;
  lineWidth: number;
  save: () => void;
  restore: () => void;
  beginPath: () => void;
  moveTo: (x: number, y: number) => void;
  lineTo: (x: number, y: number) => void;
  stroke: () => void;
}

export const hatching: Plugin<ChartType, HatchingOptions> = {
  id: 'hatching',
  afterDatasetDraw(chart, { index, meta }, { bars, colour }) {
    const hatched = bars?.[index];
    if (!hatched?.some(Boolean) || colour === undefined) return;
    const ctx = chart.ctx as Pen;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.6;
    ctx.beginPath();
    meta.data.forEach((element, at) => {
      if (!hatched[at]) return;
      const { x, y, base, height } = element.getProps(['x', 'y', 'base', 'height']) as unknown as Bar;
      const box = { x: Math.min(x, base), y: y - height / 2, width: Math.abs(x - base), height };
      for (const [[fromX, fromY], [toX, toY]] of hatchLines(box)) {
        ctx.moveTo(fromX, fromY);
        ctx.lineTo(toX, toY);
      }
    });
    ctx.stroke();
    ctx.restore();
  },
};
