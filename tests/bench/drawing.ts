/** What laying out a chart of very many readings costs: aim 50 ms for a hundred thousand. */
import { plotOf } from '../../main/drawing/chart';
import { onPage } from '../../main/drawing/format';
import { figure } from './figures';

const words = { key: 'chart.memory-over-time', facts: {} };
const rounds = 20;

export function timeDrawing(): Promise<void> {
  const lines = Array.from({ length: 5 }, (_, line) => ({
    label: `line ${line}`,
    target: line % 2 === 0 ? 'container' : 'vm:direct',
    points: Array.from({ length: 20_000 }, (_, at) => ({
      xMs: at * 10,
      y: 2 ** 20 * (100 + line * 40 + 20 * Math.sin(at / 300) + (at % 7)),
    })),
  }));
  const spec = { id: 'x', title: words, note: words, kind: 'lines', unit: 'bytes', lines } as const;
  const took = Array.from({ length: rounds }, () => {
    const fromMs = performance.now();
    const plot = plotOf({ ...spec, lines }, 'en', onPage(1000));
    plot.draw(0, plot.height);
    return performance.now() - fromMs;
  });
  figure('a chart of 100,000 readings, laid out', took);
  return Promise.resolve();
}
