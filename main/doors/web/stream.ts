import type { ServerResponse } from 'node:http';
import type { Engine } from '../../engine/engine';
import { batches } from '../batches';

const mostStreams = 16;
/** A page that reads slower than this far behind is dropped; it comes back and asks for what it missed. */
const mostWaitingBytes = 8 * 1024 * 1024;

export interface EventStreams {
  /** false when too many are open already */
  open(response: ServerResponse): boolean;
  close(): void;
}

/** The engine's events for any number of pages, as server-sent events: each message is one batch. */
export function streamEvents(engine: Engine): EventStreams {
  const open = new Set<ServerResponse>();
  const write = (text: string) => {
    for (const response of open) {
      if (response.writableLength > mostWaitingBytes) response.destroy();
      else response.write(text);
    }
  };
  const out = batches((events) => write(`data: ${JSON.stringify(events)}\n\n`));
  const unsubscribe = engine.onEvent((event) => out.push(event));
  // a comment now and then, so that a dead connection is noticed on either side
  const heartbeat = setInterval(() => write(': still here\n\n'), 15_000);
  heartbeat.unref();

  return {
    open(response) {
      if (open.size >= mostStreams) return false;
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      });
      response.write(': open\n\n');
      open.add(response);
      response.on('close', () => open.delete(response));
      return true;
    },
    close() {
      unsubscribe();
      out.end();
      clearInterval(heartbeat);
      for (const response of open) response.end();
      open.clear();
    },
  };
}
