/** What the engine itself tells of a start while it is under way: its network is there, its process runs. */
import type Docker from 'dockerode';
import type { Mark } from '../target';
import { objectsOf } from '../../../base/docker/ndjson';

interface EngineEvent {
  Type?: string;
  Action?: string;
  Actor?: { ID?: string; Attributes?: { container?: string } };
}

/** How long an event may come after the call that caused it has returned. */
const lateMs = 1000;

export interface StartEvents {
  /** whose start it is; events that came before count too */
  watch(id: string): void;
  /** the start was answered: its process runs, whether or not the engine has told of it by now */
  answered(): void;
  /** no further phase is marked, at the latest a second from now */
  leave(): void;
}

/**
 * Marks `network` and `exec` when the engine tells of them, stamped as they arrive; `exec` no later than the answer, which may overtake
 * the event. Nobody waits for it: what an engine does not tell (Podman tells of no network) is not marked.
 */
export function listenForStart(docker: Docker, mark: Mark): StartEvents {
  const over = new AbortController();
  let id: string | undefined;
  const seen: { event: EngineEvent; atMs: number }[] = [];
  const open = new Set(['network', 'exec']);
  const look = () => {
    for (const { event, atMs } of seen) {
      const { Type, Action, Actor } = event;
      const isNetwork = Type === 'network' && Action === 'connect' && Actor?.Attributes?.container === id;
      const isStart = Type === 'container' && Action === 'start' && Actor?.ID === id;
      const phase = isNetwork ? 'network' : isStart ? 'exec' : undefined;
      if (phase && open.delete(phase)) mark(phase, atMs);
    }
    if (open.size === 0) over.abort();
  };
  const listen = async () => {
    const filters = { type: ['container' as const, 'network' as const], event: ['connect', 'start'] };
    const events: unknown = await docker.getEvents({ filters, abortSignal: over.signal });
    for await (const event of objectsOf<EngineEvent>(events as AsyncIterable<Buffer>)) {
      seen.push({ event, atMs: performance.now() });
      if (id !== undefined) look();
    }
  };
  void listen().catch(() => undefined); // broken off by us, or by an engine whose other answers will tell why
  return {
    watch(container) {
      id = container;
      look();
    },
    answered() {
      if (open.delete('exec')) mark('exec');
    },
    leave() {
      setTimeout(() => over.abort(), lateMs).unref();
    },
  };
}
