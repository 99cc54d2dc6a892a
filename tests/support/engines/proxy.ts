/** A proxy in front of a real engine that answers as an older or a newer one would: its versions of the API, and what newer ones leave out. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net from 'node:net';
import { rmSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { isOlder } from '../../../main/engine/base/docker/version';
import { objectsOf } from '../../../main/engine/base/docker/ndjson';

type Json = Record<string, unknown>;

export interface EngineProxy {
  endpoint: string;
  /** every request, as `GET /v1.44/info` */
  asked: string[];
  stop: () => Promise<void>;
}

/** Fields that API 1.52 no longer has, by what is answered (moby, api/docs/CHANGELOG.md). */
const dropped = {
  event: ['status', 'id', 'from'],
  network: [
    ...['Bridge', 'HairpinMode', 'LinkLocalIPv6Address', 'LinkLocalIPv6PrefixLen', 'SecondaryIPAddresses'],
    ...['SecondaryIPv6Addresses', 'EndpointID', 'Gateway', 'GlobalIPv6Address', 'GlobalIPv6PrefixLen'],
    ...['IPAddress', 'IPPrefixLen', 'IPv6Gateway', 'MacAddress'],
  ],
  image: ['Container', 'ContainerConfig', 'VirtualSize'],
  imageIfEmpty: ['Parent', 'Comment', 'DockerVersion', 'Author'],
  config: [
    ...['Hostname', 'Domainname', 'AttachStdin', 'AttachStdout', 'AttachStderr', 'Tty', 'OpenStdin'],
    ...['StdinOnce', 'Image'],
  ],
  configIfEmpty: ['Cmd', 'Entrypoint', 'Env', 'Labels', 'OnBuild', 'User', 'Volumes', 'WorkingDir'],
  // deprecated since 1.48, and to be left empty
  stream: ['error', 'progress'],
  info: ['KernelMemoryTCP', 'BridgeNfIptables', 'BridgeNfIp6tables'],
};

const without = (value: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

const isEmpty = (value: unknown): boolean =>
  !value || (typeof value === 'object' && Object.keys(value).length === 0);

const withoutEmpty = (value: Json, names: readonly string[]): Json =>
  without(
    value,
    names.filter((name) => isEmpty(value[name])),
  );

/** Under a snapshotter, `GraphDriver` is gone. */
function withoutDriver(value: Json): Json {
  const driver = value.GraphDriver as { Name?: string; Data?: unknown } | undefined;
  return driver?.Data ? value : without(value, ['GraphDriver']);
}

const changes: [path: RegExp, change: (answer: Json) => Json][] = [
  [/^\/info$/, (info) => without(info, dropped.info)],
  [
    /^\/containers\/[^/]+\/json$/,
    (container) => ({
      ...withoutDriver(container),
      ...(container.NetworkSettings
        ? { NetworkSettings: without(container.NetworkSettings as Json, dropped.network) }
        : {}),
    }),
  ],
  [
    /^\/images\/.+\/json$/,
    (image) => ({
      ...withoutDriver(withoutEmpty(without(image, dropped.image), dropped.imageIfEmpty)),
      ...(image.Config
        ? { Config: withoutEmpty(without(image.Config as Json, dropped.config), dropped.configIfEmpty) }
        : {}),
    }),
  ],
];

const streams: [path: RegExp, names: readonly string[]][] = [
  [/^\/events$/, dropped.event],
  [/^\/(build|images\/create|images\/.+\/push)$/, dropped.stream],
];

interface Ways {
  /** of the real engine */
  socket: string;
  /** newest version of its API that it says to speak, and the oldest */
  version: string;
  oldest: string;
  /** where it listens */
  listen: string;
}

export async function engineAnsweringAs({ socket, version, oldest, listen }: Ways): Promise<EngineProxy> {
  const real = await realVersion(socket);
  const asked: string[] = [];
  const refusalOf = (wanted: string): string | undefined => {
    if (isOlder(version, wanted))
      return `client version ${wanted} is too new. Maximum supported API version is ${version}`;
    if (isOlder(wanted, oldest))
      return `client version ${wanted} is too old. Minimum supported API version is ${oldest}, please upgrade your client to a newer version`;
    return undefined;
  };
  const ways = ({ url = '/' }: IncomingMessage) => {
    const [, wanted = version, rest = url] = /^\/v(\d+\.\d+)(\/.*)$/.exec(url) ?? [];
    return { wanted, rest, path: `/v${isOlder(wanted, real) ? wanted : real}${rest}` };
  };
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { wanted, rest, path } = ways(request);
    const refused = refusalOf(wanted);
    if (refused) {
      response.writeHead(400, { 'Content-Type': 'application/json' });
      return void response.end(JSON.stringify({ message: refused }));
    }
    const { method, headers } = request;
    const forward = http.request({ socketPath: socket, method, path, headers }, (answer) => {
      const told = { version, oldest, isNew: !isOlder(wanted, '1.52'), path: rest.replace(/\?.*$/, '') };
      void relay(answer, response, told).catch(() => response.destroy());
    });
    forward.on('error', () => response.destroy());
    response.on('close', () => forward.destroy());
    request.pipe(forward);
  });
  server.on('upgrade', (request: IncomingMessage, here: net.Socket, head: Buffer) => {
    asked.push(`${request.method} ${request.url}`);
    const there = net.connect(socket, () => {
      const lines = request.rawHeaders.flatMap((name, at, all) =>
        at % 2 ? [] : [`${name}: ${all[at + 1]}`],
      );
      there.write([`${request.method} ${ways(request).path} HTTP/1.1`, ...lines].join('\r\n') + '\r\n\r\n');
      there.write(head);
      here.pipe(there).pipe(here);
    });
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  rmSync(listen, { force: true });
  await new Promise<void>((resolve) => server.listen(listen, resolve));
  return {
    endpoint: `unix://${listen}`,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function relay(
  answer: IncomingMessage,
  response: ServerResponse,
  told: { version: string; oldest: string; isNew: boolean; path: string },
): Promise<void> {
  const { statusCode = 500, headers } = answer;
  const send = () =>
    response.writeHead(statusCode, {
      ...headers,
      ...(headers['api-version'] && { 'api-version': told.version }),
    });
  const names = told.isNew ? streams.find(([path]) => path.test(told.path))?.[1] : undefined;
  if (names && statusCode === 200) {
    send().flushHeaders();
    for await (const line of objectsOf(answer))
      response.write(JSON.stringify(without(line as Json, names)) + '\r\n');
    return void response.end();
  }
  const change = told.isNew ? changes.find(([path]) => path.test(told.path))?.[1] : undefined;
  if (statusCode !== 200 || (!change && told.path !== '/version')) {
    send().flushHeaders(); // the answer to a wait begins at once, and ends with the container
    return void answer.pipe(response);
  }
  const value = JSON.parse((await buffer(answer)).toString()) as Json;
  const versions = { ApiVersion: told.version, MinAPIVersion: told.oldest };
  const text = JSON.stringify(change ? change(value) : { ...value, ...versions });
  delete headers['content-length'];
  delete headers['transfer-encoding'];
  send().end(text);
}

const realVersion = (socketPath: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asking = http.get({ socketPath, path: '/version' }, (answer) => {
      void buffer(answer).then(
        (body) => resolve((JSON.parse(body.toString()) as { ApiVersion: string }).ApiVersion),
        reject,
      );
    });
    asking.on('error', reject);
  });
