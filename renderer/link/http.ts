import pLimit from 'p-limit';
import { calls } from '../../main/contract/calls';
import type { TareEvent } from '../../main/contract/events';
import type { Answer } from '../../main/contract/failures';
import { fetched } from './fetched';
import type { Connection, Link } from './link';
import { shareStream, type EventSink } from './sharedStream';

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
  /** by which tabs share one stream of events and the connections; absent where a browser has none: then each has its own */
  locks?: Pick<LockManager, 'request'> | undefined;
}

/**
 * Of calls that wait for other programs and computers. A browser has six connections to a server for all its tabs, and the events need one:
 * the others must not all wait, or nobody could stop a run or open another tab meanwhile.
 */
const mostWaiting = 3;

/** Runs few slow calls at once: of all tabs where they share locks. */
function slowCalls(locks: HttpLinkOptions['locks']): <T>(ask: () => Promise<T>) => Promise<T> {
  if (!locks) return pLimit(mostWaiting);
  let turn = Math.floor(Math.random() * mostWaiting); // or the first calls of all tabs would wait for each other
  return (ask) => locks.request(`tare.slow.${turn++ % mostWaiting}`, ask);
}

/** The local server: calls by POST, events as one long answer. Comes back by itself when the server does. */
export function httpLink({
  token,
  fetch = globalThis.fetch.bind(globalThis),
  retryMs = 1000,
  locks,
}: HttpLinkOptions): Link {
  const eventListeners = new Set<(events: TareEvent[]) => void>();
  const reach = reachOf();
  let streaming: AbortController | undefined;
  /** what a call answers must not be older than the first event that is heard: there would be a gap between the two */
  let listening: Promise<void> | undefined;
  const take = (events: TareEvent[]) => {
    for (const listener of eventListeners) listener(events);
  };
  const inTurn = slowCalls(locks);

  return {
    async call(name, input) {
      await listening;
      try {
        const send = () =>
          fetch(`/call/${name}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-tare-token': token },
            body: JSON.stringify({ input }),
          });
        const { effect, speed } = calls[name];
        // a browser drops requests when a container starts; what changes or starts something must not be done twice
        const ask = () => (effect === 'reads' || effect === 'stops' ? fetched(send) : send());
        const response = await (speed === 'slow' ? inTurn(ask) : ask());
        if (isRefusal(response)) reach.refused();
        else reach.mark('call', true);
        // a refusal is a failure too, in facts; what is no data is not from Tare
        if (isJson(response)) return (await response.json()) as Answer<never>;
        return noAnswer(`HTTP ${response.status}`);
      } catch (error) {
        reach.mark('call', false);
        return noAnswer(error instanceof Error ? error.message : String(error));
      }
    },
    onEvents(listener) {
      eventListeners.add(listener);
      if (!streaming) {
        streaming = new AbortController();
        const { signal } = streaming;
        listening = new Promise((heard) => {
          const mark = (isOpen: boolean) => reach.mark('stream', isOpen);
          const read = (sink: EventSink) => keepStreaming({ token, fetch, retryMs, reach, ...sink }, signal);
          const sink = { take, mark, heard };
          void (locks ? shareStream(locks, sink, read, signal) : read(sink));
        });
      }
      return () => {
        eventListeners.delete(listener);
        if (eventListeners.size > 0) return;
        streaming?.abort();
        streaming = undefined;
        listening = undefined;
        reach.mark('stream', true); // nobody listens, so nothing is missed
      };
    },
    onConnection: reach.onConnection,
  };
}

const isRefusal = ({ status }: Response): boolean => status === 401 || status === 403 || status === 421;

const isJson = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('application/json') === true;

const noAnswer = (output: string): Answer<never> => ({ ok: false, failure: { code: 'server-lost', output } });

/** The two ways to the server: calls by POST, and the one long answer. */
type Way = 'call' | 'stream';

interface Reach {
  mark(way: Way, reaches: boolean): void;
  refused(): void;
  onConnection: Link['onConnection'];
}

/** Whether the server is reached: lost as long as one of the ways is, for what is told on a broken stream is missed. */
function reachOf(): Reach {
  const listeners = new Set<(connection: Connection) => void>();
  const broken = new Set<Way>();
  let connection: Connection = 'open';
  const become = (next: Connection) => {
    if (next === connection) return;
    connection = next;
    for (const listener of listeners) listener(next);
  };
  return {
    mark(way, reaches) {
      if (reaches) broken.delete(way);
      else broken.add(way);
      if (connection !== 'refused') become(broken.size > 0 ? 'lost' : 'open');
    },
    refused: () => become('refused'),
    onConnection(listener) {
      listeners.add(listener);
      listener(connection);
      return () => listeners.delete(listener);
    },
  };
}

interface Stream extends EventSink, Required<Omit<HttpLinkOptions, 'locks'>> {
  reach: Reach;
}

async function keepStreaming(stream: Stream, signal: AbortSignal): Promise<void> {
  const { token, fetch, retryMs, reach } = stream;
  let waitMs = retryMs;
  while (!signal.aborted) {
    try {
      const response = await fetch('/events', { headers: { 'x-tare-token': token }, signal });
      stream.heard();
      if (isRefusal(response)) return reach.refused();
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      waitMs = retryMs;
      await readBatches(response.body, stream);
    } catch {
      // the server has gone, or the page goes: the loop's condition tells which
    }
    stream.heard();
    if (signal.aborted) return;
    stream.mark(false);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 2, retryMs * 10);
  }
}

async function readBatches(body: ReadableStream<Uint8Array>, stream: Stream): Promise<void> {
  const read = makeEventReader();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const alive = () => {
    stream.mark(true);
    stream.reach.mark('call', true); // the same server answers there
  };
  alive();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    alive();
    for (const events of read(decoder.decode(piece.value, { stream: true }))) stream.take(events);
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
