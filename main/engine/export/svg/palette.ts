/** Colours after Okabe & Ito, "Color Universal Design" (2008): told apart with any colour vision; VMs are hatched for grey print. */
import { element, hatch, rectangle, type Box } from './elements';

export const ink = '#1b2127';
export const muted = '#56616b';
export const faint = '#e4e8ec';
export const paper = '#ffffff';

export type Kind = 'container' | 'vm' | 'process';

export const kindOf = (target: string): Kind =>
  target.startsWith('vm') ? 'vm' : target === 'process' ? 'process' : 'container';

/** Strongest first. */
const shades: Record<Kind, readonly string[]> = {
  container: ['#0072b2', '#56b4e9', '#a9d6f2', '#2f8fc6'],
  vm: ['#d55e00', '#e69f00', '#f3c98b', '#e07b2f'],
  process: ['#009e73', '#66c5ab', '#b3e2d5', '#2fb08c'],
};

export const shade = (kind: Kind, index: number): string => shades[kind][index % shades[kind].length]!;

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
