import path from 'node:path';
import { placeOf, type Host } from '../../../contract/fleet/host';
import { tareVersion } from '../../measure/resources';
import type { ReachableHost } from './measure';
import { localWay } from './ways/local';
import { sshWay } from './ways/ssh';

/** How hosts are reached from here. */
export interface Reach {
  /** a person sits at a terminal, whom ssh may ask */
  asks: boolean;
  /** this Tare's own command line, for one more on this computer */
  command: readonly string[];
}

/** Where the program lies that these assets belong to: what lies in an archive of Electron's is read by its own runtime alone. */
export const programRoot = (assetsFolder: string): string =>
  path.dirname(assetsFolder.replace(/\.asar\.unpacked(?=[/\\]|$)/, '.asar'));

/** The command line there, with the same data. */
export const ownCommand = (assetsFolder: string, dataFolder: string): string[] => [
  process.execPath,
  path.join(programRoot(assetsFolder), 'dist/main/cli.cjs'),
  ...['--data-folder', dataFolder],
];

/** A host with the way there. */
export function reachable(host: Host, { asks, command }: Reach): ReachableHost {
  const place = placeOf(host.address)!;
  const { name, address } = host;
  const known = { name, address, way: place.way };
  if (place.way === 'local') return { ...known, reach: localWay(command) };
  const way = (asking: boolean) => sshWay(place, host, tareVersion, { asks: asking });
  return { ...known, reach: way(false), ...(asks && { reachAsking: way(true) }) };
}
