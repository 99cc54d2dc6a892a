import { lightLook, type Kind } from '../../../drawing/palette';
import { element, hatch, rectangle, type Box } from './elements';

export const { text: ink, muted, grid: faint, surface: paper, fill: shade } = lightLook;
export { colourKind as kindOf, type Kind } from '../../../drawing/palette';

/** A filled box in the look of its kind. */
export function fill(box: Box, kind: Kind, index: number): string {
  if (box.width <= 0) return '';
  const filled = rectangle(box, shade(kind, index));
  if (kind !== 'vm') return filled;
  return (
    filled +
    element('path', {
      d: hatch(box),
      stroke: paper,
      'stroke-width': 1.6,
      'stroke-opacity': 0.6,
      fill: 'none',
    })
  );
}
