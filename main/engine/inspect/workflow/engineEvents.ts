/** What the daemon tells of itself while it works, and what the kernel shows of it: each stamped when it arrives here. */
import type Docker from 'dockerode';
import { existsSync, watch, type FSWatcher } from 'node:fs';
import type { Readable } from 'node:stream';
import { objectsOf } from '../../base/docker/ndjson';
import { asking } from '../../base/docker/refusal';

export interface Happening {
  /** `container create`, `network connect` … or `cgroup` when the container's control group appears or goes */
  kind: string;
  atMs: number;
  /** of the container */
  id: string;
  line: string;
}

interface DockerEvent {
  Type: string;
  Action: string;
  timeNano?: number;
  Actor: { ID: string; Attributes?: Record<string, string> };
}

/** Where control groups of containers appear: cgroup v1 and v2, with the cgroupfs and the systemd driver, Docker's and Podman's. */
const groupFolders = ['docker', 'system.slice', 'machine.slice', 'libpod_parent'].flatMap((name) => [
  `/sys/fs/cgroup/memory/${name}`,
  `/sys/fs/cgroup/${name}`,
]);

export interface EngineEvents {
  readonly all: Happening[];
  close(): void;
}

/**
 * Listens until it is closed.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function listenTo(
  docker: Docker,
  signal: AbortSignal,
  heard: (one: Happening) => void,
): Promise<EngineEvents> {
  const all: Happening[] = [];
  const take = (one: Happening) => {
    all.push(one);
    heard(one);
  };
  const watchers = watchGroups((id) => {
    take({ kind: 'cgroup', atMs: performance.now(), id, line: '' });
  });
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  const close = () => {
    signal.removeEventListener('abort', abort);
    stop.abort();
    for (const watcher of watchers) watcher.close();
  };
  try {
    const stream = (await asking('events', docker.getEvents({ abortSignal: stop.signal }))) as Readable;
    void follow(stream, take);
  } catch (error) {
    close();
    throw error;
  }
  return { all, close };
}

async function follow(stream: Readable, take: (one: Happening) => void): Promise<void> {
  try {
    for await (const event of objectsOf<DockerEvent>(stream)) {
      const atMs = performance.now();
      const { Type, Action, Actor, timeNano } = event;
      const id = Type === 'network' ? Actor.Attributes?.container : Actor.ID;
      if (id === undefined) continue;
      const time = timeNano === undefined ? '' : `${new Date(timeNano / 1e6).toISOString()} `;
      take({ kind: `${Type} ${Action}`, atMs, id, line: `${time}${Type} ${Action} ${id.slice(0, 12)}` });
    }
  } catch {
    // closed, or the engine is gone: then its calls say so
  }
}

/** A container's control group is a folder named after it. */
function watchGroups(changed: (id: string) => void): FSWatcher[] {
  return groupFolders.filter(existsSync).flatMap((folder) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        const id = /[0-9a-f]{64}/.exec(name ?? '')?.[0];
        if (id) changed(id);
      });
      watcher.on('error', () => undefined); // then there is only the event to go by
      return [watcher];
    } catch {
      return [];
    }
  });
}
