/**
 * Where a Docker-compatible engine may be listening. A choice that a person made (setting, DOCKER_HOST, DOCKER_CONTEXT,
 * `docker context use`) is the only candidate, as with Docker's own command: measuring another machine than the one that
 * was chosen would be worse than failing. Only without a choice are the well-known sockets tried, in order.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Tls {
  /** holds `ca.pem`, `cert.pem` and `key.pem` */
  folder: string;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  /** false: the server's certificate is not checked, because the context says so */
  verify: boolean;
}

export interface Candidate {
  /** where it came from: `setting`, `DOCKER_HOST`, `context NAME`, `default socket` … */
  source: string;
  /** `unix:///…`, `npipe:////./pipe/…`, `tcp://host:port` or `ssh://user@host`; empty when it could not be found out */
  endpoint: string;
  tls?: Tls;
  /** why it is not worth trying */
  broken?: string;
}

/** Whether an engine is reached by a network, even if it is this computer's own; else by a socket in the file system. */
export const isDistant = (endpoint: string): boolean => !/^(unix|npipe):/.test(endpoint);

/** Of a distant endpoint; without a scheme it is one of TCP, as for Docker's own command. @throws {TypeError} for what is no address */
export const urlOf = (endpoint: string): URL =>
  new URL(endpoint.includes('://') ? endpoint : `tcp://${endpoint}`);

export interface EndpointSources {
  /** an endpoint from Tare's own settings */
  setting?: string;
  environment: NodeJS.ProcessEnv;
  home: string;
  platform: NodeJS.Platform;
}

/** Candidates in the order in which they are to be tried; never empty. */
export function candidates(sources: EndpointSources): Candidate[] {
  const chosen = choice(sources);
  return chosen ? [chosen] : wellKnown(sources);
}

function choice(sources: EndpointSources): Candidate | undefined {
  const { environment } = sources;
  if (sources.setting) return withEnvironmentTls({ source: 'setting', endpoint: sources.setting }, sources);
  if (environment.DOCKER_HOST) {
    return withEnvironmentTls({ source: 'DOCKER_HOST', endpoint: environment.DOCKER_HOST }, sources);
  }
  const folder = environment.DOCKER_CONFIG || path.join(sources.home, '.docker');
  if (environment.DOCKER_CONTEXT) return contextOf(folder, environment.DOCKER_CONTEXT, 'DOCKER_CONTEXT');
  const current = currentContext(folder);
  return current === undefined ? undefined : contextOf(folder, current, 'context');
}

function withEnvironmentTls(candidate: Candidate, { environment, home }: EndpointSources): Candidate {
  const { DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: folder } = environment;
  if (!candidate.endpoint.startsWith('tcp://') || (!verify && !folder)) return candidate;
  return { ...candidate, tls: certificates(folder || path.join(home, '.docker'), Boolean(verify)) };
}

function certificates(folder: string, verify: boolean): Tls {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => bytes(path.join(folder, name)));
  return { folder, verify, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function currentContext(folder: string): string | undefined {
  const config = json(path.join(folder, 'config.json')) as { currentContext?: string } | undefined;
  const name = config?.currentContext;
  return name && name !== 'default' ? name : undefined;
}

/** Reads a context as Docker's command keeps it: the folder is named by the SHA-256 of the context's name. */
function contextOf(folder: string, name: string, by: string): Candidate | undefined {
  if (name === 'default') return undefined;
  const source = `${by} ${name}`;
  const id = createHash('sha256').update(name).digest('hex');
  const file = path.join(folder, 'contexts', 'meta', id, 'meta.json');
  const meta = json(file) as
    { Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } } } | undefined;
  const endpoint = meta?.Endpoints?.docker?.Host;
  if (!endpoint)
    return { source, endpoint: '', broken: meta ? 'context-without-endpoint' : 'context-unknown' };
  const tlsFolder = path.join(folder, 'contexts', 'tls', id, 'docker');
  const tls = certificates(tlsFolder, !meta.Endpoints?.docker?.SkipTLSVerify);
  return { source, endpoint, ...((tls.ca ?? tls.cert) && { tls }) };
}

function wellKnown({ environment, home, platform }: EndpointSources): Candidate[] {
  if (platform === 'win32') {
    return [
      { source: 'default pipe', endpoint: 'npipe:////./pipe/docker_engine' },
      { source: 'Docker Desktop', endpoint: 'npipe:////./pipe/dockerDesktopLinuxEngine' },
      { source: 'Podman', endpoint: 'npipe:////./pipe/podman-machine-default' },
    ];
  }
  const runtime = environment.XDG_RUNTIME_DIR;
  const inHome = (source: string, file: string): [string, string] => [source, path.join(home, file)];
  const sockets: [source: string, file: string][] = [
    ['default socket', '/var/run/docker.sock'],
    ...(runtime ? ([['rootless socket', path.join(runtime, 'docker.sock')]] as [string, string][]) : []),
    inHome('rootless socket', '.docker/run/docker.sock'),
    inHome('Docker Desktop', '.docker/desktop/docker.sock'),
    inHome('Colima', '.colima/default/docker.sock'),
    inHome('OrbStack', '.orbstack/run/docker.sock'),
    inHome('Rancher Desktop', '.rd/docker.sock'),
    ...(runtime ? ([['Podman', path.join(runtime, 'podman/podman.sock')]] as [string, string][]) : []),
    inHome('Podman', '.local/share/containers/podman/machine/podman.sock'),
    ['Podman', '/run/podman/podman.sock'],
  ];
  return sockets.map(([source, file]) => ({ source, endpoint: `unix://${file}` }));
}

function bytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined; // optional: what is missing shows when the engine is asked
  }
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // absent or damaged: the same as no choice
  }
}
