/** What the engine runs beside a container for it alone: a shim, and a proxy per published port. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { processes, pssBytes } from '../../process/proc';

export interface Attendants {
  /** containerd-shim, or Podman's conmon */
  shim?: number;
  /** docker-proxy; empty when the engine publishes ports by firewall rules alone */
  proxies: number[];
}

/**
 * @param pid   the container's first process, as the host numbers it
 * @param port  the host's port that the engine published
 */
export function findAttendants(pid: number, port: number): Attendants {
  const parent = parentOf(pid);
  const all = processes();
  const line = all.find((one) => one.pid === parent);
  const isShim = line && /^(containerd-shim|conmon)/.test(program(line.words));
  const proxies = all.filter(({ words }) => program(words) === 'docker-proxy' && publishes(words, port));
  return { ...(isShim && { shim: line.pid }), proxies: proxies.map((one) => one.pid) };
}

const program = (words: string[]): string => path.basename(words[0] ?? '');

/** docker-proxy takes its options as `-name value`. */
const publishes = (words: string[], port: number): boolean => {
  const at = words.indexOf('-host-port');
  return at > 0 && words[at + 1] === String(port);
};

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined; // ended
  }
}

/** A figure, or the system's code for why there is none. */
export type Figure = { bytes: number } | { reason: string };

/** PSS of several processes together. Those that have ended count nothing; one that may not be read spoils the sum. */
export async function pssOfAll(pids: number[]): Promise<Figure> {
  let bytes = 0;
  let seen = false;
  for (const pid of pids) {
    const own = await pssBytes(pid);
    const reason = own === undefined ? refusalToRead(pid) : undefined;
    if (reason !== undefined) return { reason };
    if (own !== undefined) seen = true;
    bytes += own ?? 0;
  }
  return seen ? { bytes } : { reason: 'ESRCH' };
}

/** Why a process's memory may not be read; undefined when it is just ending, or has become a zombie, and has none. */
function refusalToRead(pid: number): string | undefined {
  try {
    closeSync(openSync(`/proc/${pid}/smaps_rollup`, 'r'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? code : undefined;
  }
}

/**
 * PSS of the engine's own daemons, dockerd and containerd, which all containers share.
 * With several engines on one machine it cannot be told whose they are.
 */
export async function engineShareBytes(): Promise<Figure> {
  const all = processes();
  const named = (name: string) => all.filter(({ words }) => program(words) === name).map((one) => one.pid);
  const daemons = named('dockerd');
  if (daemons.length !== 1) return { reason: daemons.length === 0 ? 'engine-elsewhere' : 'engines-several' };
  return pssOfAll([...daemons, ...named('containerd')]);
}
