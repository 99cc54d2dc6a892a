import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Answer, Failure, StrangeSender } from '../../contract/failures';
import { explain } from '../../contract/messages';
import type { Engine } from '../../engine/engine';
import { largestInputOf } from '../access';
import { pageFile } from '../page';
import { answer } from '../router';
import { addressesOf } from './addresses';
import { readCertificate, type CertificateFiles } from './certificate';
import { guard, makeToken, pageAt, type Guard } from './guard';
import { streamEvents, type EventStreams } from './stream';

export interface ServeOptions {
  /** 0 takes any free port */
  port: number;
  /** beyond loopback the page is read-only */
  host: string;
  /** the built page */
  rendererFolder: string;
  /** what the page is encrypted with; otherwise it is not */
  certificate?: CertificateFiles | undefined;
}

export interface Served {
  /** with the token, as a person opens them: one, or each address of this computer */
  urls: readonly [string, ...string[]];
  port: number;
  readOnly: boolean;
  /** whether what travels is encrypted */
  secure: boolean;
  close(): Promise<void>;
}

/**
 * Serves the page, and the engine's calls and events to whoever holds the token.
 * @throws NodeJS.ErrnoException when the address cannot be had
 * @throws {TareError} `certificate-unusable`
 */
export async function serve(engine: Engine, options: ServeOptions): Promise<Served> {
  const certificate = options.certificate && (await readCertificate(options.certificate));
  const secure = certificate !== undefined;
  const token = makeToken();
  const server = certificate ? createSecureServer(certificate) : createServer();
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  const { address, port } = await listen(server, options);
  const streams = streamEvents(engine);
  const { names, shown } = addressesOf(options.host, address, certificate);
  const door = guard({ token, bound: address, port, secure, names });
  server.on('request', (request, response) => {
    handle({ engine, door, streams, ...options }, request, response).catch(() => response.destroy());
  });
  const scheme = secure ? 'https' : 'http';
  const [first, ...others] = shown.map((name) => `${pageAt(scheme, name, port).href}#token=${token}`);
  return {
    urls: [first!, ...others],
    port,
    readOnly: door.readOnly,
    secure,
    close: () =>
      new Promise((resolve) => {
        streams.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { port, host }: ServeOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

interface Within {
  engine: Engine;
  door: Guard;
  streams: EventStreams;
  rendererFolder: string;
}

async function handle(within: Within, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { door, streams, rendererFolder } = within;
  const { method = '', headers } = request;
  const { pathname } = new URL(request.url ?? '/', 'http://local');
  const stranger = door.address(headers);
  if (stranger) return turnAway(response, pathname, headers, stranger);

  const name = calledBy(pathname);
  if (name !== undefined || pathname === '/events') {
    const unknown = door.token(headers);
    if (unknown) return turnAway(response, pathname, headers, unknown);
    if (pathname === '/events' && method === 'GET') {
      if (!streams.open(response)) end(response, 503, 'too many pages are open');
      return;
    }
    if (name !== undefined && method === 'POST') return call(within, name, request, response);
    return end(response, 405, 'method not allowed');
  }
  if (method !== 'GET' && method !== 'HEAD') return end(response, 405, 'method not allowed');
  const file = await pageFile(rendererFolder, pathname);
  if (!file) return end(response, 404, 'not found');
  const bytes = pathname === '/' && door.readOnly ? onlyShowing(file.bytes) : file.bytes;
  response.writeHead(200, { ...file.headers, 'content-length': bytes.length });
  response.end(method === 'HEAD' ? undefined : bytes);
}

/** Tells the page that it would be refused, so that it offers nothing of the kind. */
const onlyShowing = (page: Buffer): Buffer =>
  Buffer.from(page.toString('utf8').replace('<html', '<html data-access="read-only"'));

const callPath = '/call/';

/** The call that an address asks for, by which its input is bounded before it is read; undefined where it asks for none. */
const calledBy = (pathname: string): string | undefined =>
  pathname.startsWith(callPath) ? pathname.slice(callPath.length) : undefined;

async function call(
  { engine, door }: Within,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // JSON only: a form or an image of another site cannot send this type without being asked about it first
  if (!request.headers['content-type']?.startsWith('application/json'))
    return end(response, 415, 'send JSON');
  const limitBytes = largestInputOf(name);
  const body = await read(request, limitBytes);
  if (body === undefined) return refuse(response, 413, { code: 'input-too-large', limitBytes });
  let asked: { input?: unknown } | null;
  try {
    asked = JSON.parse(body) as typeof asked;
  } catch {
    return end(response, 400, 'not JSON');
  }
  if (typeof asked !== 'object' || asked === null) return end(response, 400, 'no object');
  const { input } = asked;
  const reason = door.refusal(name, input);
  if (reason !== undefined) return refuse(response, 200, { code: 'call-refused', reason });
  json(response, 200, await answer(engine, name, input));
}

/** The body as text; undefined when it is too large. */
async function read(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // left open on purpose: the refusal still has to travel back over the same connection
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** To the page as a failure, which it words itself; to a person who typed the address as a line in the browser's language. */
function turnAway(
  response: ServerResponse,
  pathname: string,
  headers: IncomingHttpHeaders,
  { status, reason }: { status: number; reason: StrangeSender },
): void {
  const failure: Failure = { code: 'sender-refused', reason };
  if (calledBy(pathname) !== undefined) return refuse(response, status, failure);
  const locale = /^zh/i.test(headers['accept-language'] ?? '') ? 'zh-CN' : 'en';
  const { what, remedy } = explain(locale, failure);
  end(response, status, `${what}\n${remedy}`);
}

const refuse = (response: ServerResponse, status: number, failure: Failure): void =>
  json(response, status, { ok: false, failure } satisfies Answer<never>);

function json(response: ServerResponse, status: number, value: Answer<unknown>): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status !== 200 && closes),
  });
  response.end(JSON.stringify(value));
}

/** Whatever was left unread must not become the next request. */
const closes = { connection: 'close' };

function end(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...closes,
  });
  response.end(`${reason}\n`);
}
