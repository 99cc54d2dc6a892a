import type { TareEvent } from '../../main/contract/events';
import type { Answer } from '../../main/contract/failures';
import type { Connection, Link } from './link';

const storageKey = 'tare.token';

/** The token from the address, kept for reloads and taken out of the address, so that it is not copied with it. */
export function takeToken(place: Location = location, storage: Storage = sessionStorage): string {
  const found = /^#token=([\w-]+)$/.exec(place.hash)?.[1];
  if (found) {
    storage.setItem(storageKey, found);
    history.replaceState(null, '', place.pathname);
  }
  return found ?? storage.getItem(storageKey) ?? '';
}

export interface HttpLinkOptions {
  token: string;
  fetch?: typeof fetch;
  /** the wait before a lost server is tried again; doubled each time, up to ten times this */
  retryMs?: number;
}

/** The local server: calls by POST, events as one long answer. Comes back by itself when the server does. */
export function httpLink({
  token,
  fetch = globalThis.fetch.bind(globalThis),
  retryMs = 1000,
}: HttpLinkOptions): Link {
  const eventListeners = new Set<(events: TareEvent[]) => void>();
  const connectionListeners = new Set<(connection: Connection) => void>();
  let connection: Connection = 'open';
  let streaming: AbortController | undefined;

  const become = (next: Connection) => {
    if (next === connection) return;
    connection = next;
    for (const listener of connectionListeners) listener(next);
  };
  const take = (events: TareEvent[]) => {
    for (const listener of eventListeners) listener(events);
  };

  return {
    async call(name, input, locale) {
      try {
        const response = await fetch('/call', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-tare-token': token },
          body: JSON.stringify({ name, input, locale }),
        });
        if (response.ok) return (await response.json()) as Answer<never>;
        if (isRefusal(response)) become('refused');
        return refuse((await response.text()).trim());
      } catch (error) {
        become('lost');
        return refuse(error instanceof Error ? error.message : String(error));
      }
    },
    onEvents(listener) {
      eventListeners.add(listener);
      if (!streaming) {
        streaming = new AbortController();
        void keepStreaming({ token, fetch, retryMs, take, become }, streaming.signal);
      }
      return () => {
        eventListeners.delete(listener);
        if (eventListeners.size > 0) return;
        streaming?.abort();
        streaming = undefined;
      };
    },
    onConnection(listener) {
      connectionListeners.add(listener);
      listener(connection);
      return () => connectionListeners.delete(listener);
    },
  };
}

const isRefusal = ({ status }: Response): boolean => status === 401 || status === 403 || status === 421;

const refuse = (problem: string): Answer<never> => ({
  ok: false,
  failure: { code: 'bad-input', problems: [problem] },
});

interface Stream extends Required<HttpLinkOptions> {
  take: (events: TareEvent[]) => void;
  become: (connection: Connection) => void;
}

async function keepStreaming(stream: Stream, signal: AbortSignal): Promise<void> {
  const { token, fetch, retryMs, take, become } = stream;
  let waitMs = retryMs;
  while (!signal.aborted) {
    try {
      const response = await fetch('/events', { headers: { 'x-tare-token': token }, signal });
      if (isRefusal(response)) return become('refused');
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      become('open');
      waitMs = retryMs;
      await readBatches(response.body, take);
    } catch {
      // the server has gone, or the page goes: the loop's condition tells which
    }
    if (signal.aborted) return;
    become('lost');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 2, retryMs * 10);
  }
}

async function readBatches(
  body: ReadableStream<Uint8Array>,
  take: (events: TareEvent[]) => void,
): Promise<void> {
  const read = makeEventReader();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    for (const events of read(decoder.decode(piece.value, { stream: true }))) take(events);
  }
}

/** The batches in a stream of server-sent events; comments are passed over and half messages wait for their rest. */
export function makeEventReader(): (chunk: string) => TareEvent[][] {
  let rest = '';
  return (chunk) => {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    return messages
      .filter((message) => message.startsWith('data: '))
      .map((message) => JSON.parse(message.slice('data: '.length)) as TareEvent[]);
  };
}
