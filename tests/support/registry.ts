/** A registry on the loopback interface: Debian's docker-registry, with TLS and passwords or without, behind a wire that can be slow and cut. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../main/engine/base/process/ports';
import { patience } from './patience';

/** What the locked registries know. */
export const login = { username: 'alice', password: 'open sesame' };

export interface Registry {
  /** `127.0.0.1:PORT`, as references begin */
  readonly name: string;
  /** bytes a second towards the engine; unlimited when absent */
  bytesPerSecond?: number;
  /** bytes that went to the engine since the registry was opened */
  readonly sentBytes: () => number;
  /** kills the registry and every connection to it */
  kill(): Promise<void>;
  /** starts it again, with what it held */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** @param options  `locked`: TLS with a certificate of its own authority, and a password */
export async function openRegistry(options: { locked?: boolean } = {}): Promise<Registry> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-registry-'));
  const inner = await freePort();
  const wire = await openWire(inner);
  const name = `127.0.0.1:${wire.port}`;
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: path.join(folder, 'data') } },
    http: { addr: `127.0.0.1:${inner}`, secret: 'tare', ...(options.locked && { tls: certificate(folder) }) },
    ...(options.locked && { auth: { htpasswd: { realm: 'tare', path: passwords(folder) } } }),
  };
  writeFileSync(path.join(folder, 'config.yml'), JSON.stringify(config)); // JSON is YAML
  // Where the engine looks for the authority of a registry.
  const trust = path.join('/etc/docker/certs.d', name);
  if (options.locked) {
    mkdirSync(trust, { recursive: true });
    execFileSync('cp', [path.join(folder, 'ca.crt'), trust]);
  }
  let server: ChildProcess | undefined;
  const registry: Registry = {
    name,
    sentBytes: () => wire.sentBytes,
    async start() {
      server = spawn('docker-registry', ['serve', path.join(folder, 'config.yml')], { stdio: 'ignore' });
      await answers(inner);
    },
    async kill() {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      wire.cut();
      await gone;
    },
    async close() {
      await registry.kill();
      wire.close();
      rmSync(folder, { recursive: true, force: true });
      if (existsSync(trust)) rmSync(trust, { recursive: true });
    },
  };
  wire.limit = () => registry.bytesPerSecond;
  await registry.start();
  return registry;
}

async function answers(port: number): Promise<void> {
  for (
    const deadline = Date.now() + patience.timeout;
    Date.now() < deadline;
    await sleep(patience.interval)
  ) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
  }
  throw new Error('docker-registry does not listen');
}

/** Passes bytes on to `port`, as slowly as it is told. */
async function openWire(port: number) {
  const sockets = new Set<Socket>();
  const wire = {
    port: 0,
    sentBytes: 0,
    limit: (): number | undefined => undefined,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    close: () => {
      wire.cut();
      server.close();
    },
  };
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
    upstream.on('data', (chunk: Buffer) => {
      wire.sentBytes += chunk.length;
      client.write(chunk);
      const rate = wire.limit();
      if (rate === undefined) return;
      upstream.pause();
      setTimeout(() => upstream.resume(), (chunk.length / rate) * 1000);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  wire.port = (server.address() as AddressInfo).port;
  return wire;
}

/** A certificate for 127.0.0.1, signed by an authority made for it. */
function certificate(folder: string): { certificate: string; key: string } {
  const file = (name: string) => path.join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  openssl(
    ...['req', '-x509', ...fresh, '-subj', '/CN=Tare test authority'],
    ...['-keyout', file('ca.key'), '-out', file('ca.crt')],
  );
  openssl(
    ...['req', '-x509', ...fresh, '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-keyout', file('own.key'), '-out', file('own.crt')],
  );
  return { certificate: file('own.crt'), key: file('own.key') };
}

function passwords(folder: string): string {
  const file = path.join(folder, 'htpasswd');
  execFileSync('htpasswd', ['-Bbc', file, login.username, login.password], { stdio: 'pipe' });
  return file;
}
