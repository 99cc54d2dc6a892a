import type { LayerProgress, Transfer } from '../../contract/work/images';
import { keyIn, type NameIn } from '../../contract/messages';
import { showBytes } from '../../contract/quantities';
import type { Screen } from './terminal/screen';

/** Those that a reader waits for; the others are counted in the step's own line. */
const underWay = (layer: LayerProgress): layer is LayerProgress & { state: NameIn<'layer'> } =>
  keyIn('layer', layer.state) !== undefined;

/** `12.3 MiB  4.1 MiB/s`, behind the name of the step. */
export function transferSummary({ locale }: Screen, { bytes, bytesPerSecond }: Transfer): string {
  const rate = bytesPerSecond === undefined ? '' : `  ${showBytes(locale, Math.round(bytesPerSecond))}/s`;
  return bytes > 0 ? `  ${showBytes(locale, bytes)}${rate}` : '';
}

/** A line for each layer under way. */
export const layerLines = (screen: Screen, { layers }: Transfer): string[] =>
  layers.filter(underWay).map((layer) => {
    const state = screen.say(`layer.${layer.state}`);
    if (layer.bytes === undefined || layer.ofBytes === undefined) return `  ${layer.id}  ${state}`;
    const share = Math.floor((layer.bytes / layer.ofBytes) * 100);
    return `  ${layer.id}  ${state}  ${share} %  ${showBytes(screen.locale, layer.ofBytes)}`;
  });
