/** An engine that answers what one of tests/fixtures/engine holds, in the versions of the API that it speaks and in no other. */
import { readFileSync, readdirSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { isOlder } from '../../../main/engine/base/docker/version';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/engine');

/** Names of the folders: the version and the store. */
export const recordings = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export interface RecordedEngine {
  endpoint: string;
  /** every request, as `GET /v1.52/info` */
  asked: string[];
  /** what the recorded image and container are called */
  image: { Id: string; RepoTags: string[] };
  container: { Id: string };
  close: () => Promise<void>;
}

type Answer = object | string | Buffer | number | ((response: ServerResponse) => void);

/** The files of the recorded image, by the length that they have there: what `docker save` gives is made up around them. */
export const recordedFiles = [2_024_544, 9];

/** @param socket  where it listens */
export async function recordedEngine(recording: string, socket: string): Promise<RecordedEngine> {
  const text = (name: string) => readFileSync(path.join(fixtures, recording, name), 'utf8');
  const json = <T = Record<string, unknown>>(name: string) => JSON.parse(text(name)) as T;
  const version = json<{ ApiVersion: string; MinAPIVersion: string }>('version.json');
  const own = recording.split('-')[0]!;
  const image = json<{ Id: string; RepoTags: string[] }>('image.json');
  const container = json<{ Id: string; Name: string }>('container.json');
  const archive = await savedImage();
  const asked: string[] = [];
  const listeners = new Set<ServerResponse>();
  let state: 'none' | 'created' | 'started' = 'none';
  const events = text('events.ndjson').trimEnd().split('\n');
  const tell = (...actions: string[]) => {
    for (const line of events)
      if (actions.includes((JSON.parse(line) as { Action: string }).Action))
        for (const listener of listeners) listener.write(line + '\n');
  };
  const isImage = (name: string) => name === image.Id || image.RepoTags.includes(name);

  const routes: [method: string, path: RegExp, answer: (name: string) => Answer][] = [
    ['GET', /^\/info$/, () => json('info.json')],
    ['GET', /^\/images\/json$/, () => json('images.json')],
    ['GET', /^\/images\/(.+)\/json$/, (name) => (isImage(name) ? image : 404)],
    ['GET', /^\/images\/(.+)\/history$/, (name) => (isImage(name) ? json('history.json') : 404)],
    ['GET', /^\/images\/(.+)\/get$/, (name) => (isImage(name) ? archive : 404)],
    ['POST', /^\/images\/create$/, () => text('pull.ndjson')],
    ['POST', /^\/images\/(.+)\/push$/, () => text('push.ndjson')],
    ['GET', /^\/containers\/json$/, () => (state === 'started' ? json('containers.json') : [])],
    [
      'POST',
      /^\/containers\/create$/,
      () => {
        state = 'created';
        tell('create');
        return { Id: container.Id, Warnings: [] };
      },
    ],
    [
      'POST',
      /^\/containers\/(\w+)\/start$/,
      () => {
        state = 'started';
        tell('connect', 'start');
        return 204;
      },
    ],
    ['POST', /^\/containers\/(\w+)\/stop$/, () => 204],
    ['POST', /^\/containers\/(\w+)\/wait$/, () => () => undefined], // until it is gone
    ['GET', /^\/containers\/(\w+)\/json$/, () => (state === 'none' ? 404 : container)],
    ['GET', /^\/containers\/(\w+)\/stats$/, () => json('stats.json')],
    [
      'DELETE',
      /^\/containers\/(\w+)$/,
      () => {
        if (state === 'none') return 404;
        if (state === 'started') tell('kill', 'disconnect', 'die');
        tell('destroy');
        state = 'none';
        return 204;
      },
    ],
    [
      'GET',
      /^\/events$/,
      () => (response) => {
        response.writeHead(200).flushHeaders();
        listeners.add(response);
        response.on('close', () => listeners.delete(response));
      },
    ],
  ];

  const refuse = (response: ServerResponse, status: number, message: string) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
  const answer = ({ method, url = '/' }: IncomingMessage, response: ServerResponse) => {
    asked.push(`${method} ${url}`);
    const [, wanted, rest = url] = /^\/v(\d+\.\d+)(\/.*)$/.exec(url) ?? [];
    if (rest === '/_ping') return void response.end('OK');
    if (rest === '/version') return void sendJson(response, { ...version, ApiVersion: own });
    // A recording of one version is no answer in another.
    if (wanted !== own)
      return refuse(
        response,
        400,
        `client version ${wanted ?? 'unnamed'} is not the one recorded here: ${own}`,
      );
    const where = decodeURIComponent(rest.replace(/\?.*$/, ''));
    for (const [of, form, give] of routes) {
      const found = of === method ? form.exec(where) : null;
      if (!found) continue;
      const given = give(found[1] ?? '');
      if (typeof given === 'function') return void given(response);
      if (typeof given === 'number')
        return given === 204 ? void response.writeHead(204).end() : refuse(response, given, 'no such thing');
      if (typeof given === 'string' || Buffer.isBuffer(given)) return void response.end(given);
      return void sendJson(response, given);
    }
    refuse(response, 404, 'page not found');
  };
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  if (isOlder(own, version.MinAPIVersion)) throw new Error(`${recording} is older than what it speaks`);
  return {
    endpoint: `unix://${socket}`,
    asked,
    image,
    container,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** As `docker save` packs an image of these files, one a layer, as containerd's store keeps it. */
async function savedImage(): Promise<Buffer> {
  const whole = pack();
  const names: string[] = [];
  for (const [at, size] of recordedFiles.entries()) {
    const layer = pack();
    layer.entry({ name: `file${at}` }, Buffer.alloc(size));
    layer.finalize();
    names.push(`blobs/sha256/layer${at}`);
    whole.entry({ name: names.at(-1)! }, gzipSync(await buffer(layer)));
  }
  whole.entry({ name: 'blobs/sha256/config' }, '{}');
  whole.entry({ name: 'manifest.json' }, JSON.stringify([{ Config: 'blobs/sha256/config', Layers: names }]));
  whole.finalize();
  return buffer(whole);
}
