import type { Message } from '../../main/contract/report/report';
import type { Kind } from './palette';

/** How something is drawn, for a legend that is HTML: readable, selectable, and spoken by a screen reader. */
type Swatch =
  | { mark: 'fill'; kind: Kind; shade: number }
  | { mark: 'line'; kind: Kind; shade: number; dashed: boolean }
  | { mark: 'point' | 'quartiles' | 'interval' | 'outline' };

export interface LegendEntry {
  label: Message | string;
  swatches: Swatch[];
}
