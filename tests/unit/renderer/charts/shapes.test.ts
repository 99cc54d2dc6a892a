import { expect, test, vi } from 'vitest';
import { circle, line, path, rectangle, text, through, type Shape } from '../../../../main/drawing/shapes';
import { paintShape, resolvedBy } from '../../../../renderer/charts/shapes';

/** What a canvas is told, call by call, with the colours and widths that hold then. */
function painted(...shapes: Shape[]): string[] {
  const calls: string[] = [];
  class Outline {
    readonly steps: string[];
    constructor(d?: string) {
      this.steps = d === undefined ? [] : [d];
    }
    roundRect = (...box: number[]) => this.steps.push(`rect ${box.join(' ')}`);
    arc = (...round: number[]) => this.steps.push(`circle ${round.slice(0, 3).join(' ')}`);
    moveTo = (...point: number[]) => this.steps.push(`M${point.join(' ')}`);
    lineTo = (...point: number[]) => this.steps.push(`L${point.join(' ')}`);
  }
  vi.stubGlobal('Path2D', Outline);
  const context = {
    ...{ fillStyle: '', strokeStyle: '', font: '', textAlign: '', lineWidth: 0, globalAlpha: 1, dash: '' },
    save: () => undefined,
    restore: () => undefined,
    setLineDash(dash: number[]) {
      this.dash = dash.join(' ');
    },
    fill(outline: Outline) {
      calls.push(`fill ${this.fillStyle} ${this.globalAlpha}: ${outline.steps.join(' ')}`);
    },
    stroke(outline: Outline) {
      calls.push(`stroke ${this.strokeStyle} ${this.lineWidth} [${this.dash}]: ${outline.steps.join(' ')}`);
    },
    fillText(words: string, x: number, y: number) {
      calls.push(`${this.font} ${this.textAlign} ${this.fillStyle}: ${words} ${x} ${y}`);
    },
  };
  const resolve = resolvedBy((property) => (property === '--vm-1' ? '#d55e00' : 'unknown'));
  for (const shape of shapes)
    paintShape(context as unknown as CanvasRenderingContext2D, shape, resolve, 'Inter');
  vi.unstubAllGlobals();
  return calls;
}

test('a canvas paints what a file writes, in the colours of the theme', () => {
  expect(
    painted(
      rectangle({ x: 1, y: 2, width: 3, height: 4 }, { fill: 'var(--vm-1)', rx: 2, 'fill-opacity': 0.5 }),
      circle(5, 6, 7, { fill: 'none', stroke: '#000', 'stroke-width': 2 }),
      line(0, 0, 10, 0, '#ccc'),
      path(through([0, 0], [5, 5]), { stroke: 'var(--vm-1)', 'stroke-dasharray': '7 4' }),
      text(3, 4, 'words', { size: 12, fill: '#111', weight: 600, anchor: 'end' }),
    ),
  ).toEqual([
    'fill #d55e00 0.5: rect 1 2 3 4 2',
    'stroke #000 2 []: circle 5 6 7',
    'stroke #ccc 1 []: M0 0 L10 0',
    'stroke #d55e00 1 [7 4]: M0 0L5 5',
    '600 12px Inter right #111: words 3 4',
  ]);
});
