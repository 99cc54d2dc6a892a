/**
 * A drawing on a canvas, by Chart.js: it keeps the canvas sharp at any size and on any screen, and paints it anew when it must be. Where
 * marks stand, their colours and their words come laid out from main/drawing; nothing of a chart is decided here.
 */
import { Chart, LinearScale, ScatterController, type Plugin } from 'chart.js';
import type { Shape } from '../../main/drawing/shapes';
import { paintShape, resolvedBy } from './shapes';

// only what is used is registered, so the rest is left out of the bundle
Chart.register(LinearScale, ScatterController);

/** A canvas that can be painted any number of times; its owner destroys it. */
export interface Painting {
  /** @param width  of the drawing, in CSS pixels, as `height` is */
  paint(width: number, height: number, shapes: readonly Shape[]): void;
  destroy(): void;
}

export function paintingOn(canvas: HTMLCanvasElement): Painting {
  let shown: readonly Shape[] = [];
  const painter: Plugin<'scatter'> = {
    id: 'drawing',
    beforeDraw({ ctx }) {
      const style = getComputedStyle(canvas);
      const resolve = resolvedBy((property) => style.getPropertyValue(property).trim());
      for (const shape of shown) paintShape(ctx, shape, resolve, style.fontFamily);
    },
  };
  const hidden = { display: false } as const;
  const chart = new Chart<'scatter'>(canvas, {
    type: 'scatter',
    data: { datasets: [] },
    options: {
      // the page says how large it is
      ...{ responsive: false, maintainAspectRatio: false },
      ...{ animation: false, events: [] },
      scales: { x: hidden, y: hidden },
    },
    plugins: [painter],
  });
  return {
    paint(width, height, shapes) {
      shown = shapes;
      if (chart.width !== width || chart.height !== height) chart.resize(width, height);
      chart.draw();
    },
    destroy: () => chart.destroy(),
  };
}
