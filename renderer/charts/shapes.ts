/** Shapes of a drawing on a canvas: what SVG's attributes mean, for a 2D context. */
import type { Shape } from '../../main/drawing/shapes';

/** Gives a colour as a canvas takes it: `var(--name)` is what the page's theme says. */
export type Resolve = (colour: string) => string;

/** @param valueOf  of a custom property of the page */
export function resolvedBy(valueOf: (property: string) => string): Resolve {
  const known = new Map<string, string>();
  return (colour) => {
    const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
    if (name === undefined) return colour;
    const value = known.get(name) ?? valueOf(name);
    known.set(name, value);
    return value;
  };
}

const alignments: Record<string, CanvasTextAlign> = { middle: 'center', end: 'right' };

export function paintShape(context: CanvasRenderingContext2D, shape: Shape, resolve: Resolve, font: string) {
  const { attributes, words } = shape;
  const number = (name: string, usual: number) => Number(attributes[name] ?? usual);
  const colour = (name: string, usual: string) => resolve(String(attributes[name] ?? usual));
  context.save();
  if (words !== undefined) {
    context.font = `${number('font-weight', 400)} ${number('font-size', 12)}px ${font}`;
    context.textAlign = alignments[String(attributes['text-anchor'])] ?? 'left';
    context.fillStyle = colour('fill', '#000');
    context.fillText(words, number('x', 0), number('y', 0));
  } else {
    const outline = outlineOf(shape);
    const [fill, stroke] = [
      colour('fill', shape.name === 'line' ? 'none' : '#000'),
      colour('stroke', 'none'),
    ];
    if (fill !== 'none') {
      context.globalAlpha = number('fill-opacity', 1);
      context.fillStyle = fill;
      context.fill(outline);
    }
    if (stroke !== 'none') {
      context.globalAlpha = number('stroke-opacity', 1);
      context.strokeStyle = stroke;
      context.lineWidth = number('stroke-width', 1);
      context.lineJoin = (attributes['stroke-linejoin'] ?? 'miter') as CanvasLineJoin;
      context.setLineDash(
        String(attributes['stroke-dasharray'] ?? '')
          .split(/[ ,]+/)
          .filter(Boolean)
          .map(Number),
      );
      context.stroke(outline);
    }
  }
  context.restore();
}

function outlineOf({ name, attributes }: Shape): Path2D {
  if (name === 'path') return new Path2D(String(attributes.d));
  const outline = new Path2D();
  const at = (key: string) => Number(attributes[key] ?? 0);
  if (name === 'rect') outline.roundRect(at('x'), at('y'), at('width'), at('height'), at('rx'));
  if (name === 'circle') outline.arc(at('cx'), at('cy'), at('r'), 0, 2 * Math.PI);
  if (name === 'line') {
    outline.moveTo(at('x1'), at('y1'));
    outline.lineTo(at('x2'), at('y2'));
  }
  return outline;
}
