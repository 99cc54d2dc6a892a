import Docker from 'dockerode';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import type { EndpointAttempt } from '../../../contract/machine';
import { TareError } from '../errors';
import { candidates, urlOf, type Candidate, type EndpointSources } from './endpoints';
import { limited } from './limits';
import { reasonOf } from './refusal';
import { sshAgent } from './ssh';
import { imageStoreOf, type ImageStore } from './store';
import { chooseApiVersion } from './version';

/** An engine that answered, with what it says about itself. */
export interface DockerClient {
  docker: Docker;
  endpoint: string;
  /** which candidate it was: `setting`, `DOCKER_HOST`, `default socket` … */
  source: string;
  /** where the certificates lie that it is asked with, and whether its own is checked */
  tls?: { folder: string; verify: boolean };
  name: 'Docker' | 'Podman';
  version: string;
  /** of its API, that is spoken with it; absent where it does not tell which it speaks */
  apiVersion?: string;
  store: ImageStore;
  /** as in an image's configuration: `linux`, `amd64` */
  os: string;
  architecture: string;
  /** every candidate, in the order in which they are asked */
  attempts: EndpointAttempt[];
}

/** Long enough for a busy engine on this machine where there are others to ask; a socket that nobody serves refuses at once. */
const localLimitMs = 3000;
/** One elsewhere, or one that a person chose: Podman's is started by the question, which takes a slow computer seconds. */
const patientLimitMs = 30_000;
/** An engine that has answered once is there: rootless Docker starts three programs to tell its version, which takes a slow computer seconds. */
const answeringLimitMs = 30_000;

const isLocal = (endpoint: string): boolean => /^(unix|npipe):/.test(endpoint);

/**
 * Finds and opens the engine.
 * @param given  what to look at instead of this process's own environment; `setting` is an endpoint chosen in Tare
 * @throws {TareError} `docker-unreachable` with every attempt · `docker-api-too-new`; AbortError when aborted
 */
export async function openDocker(
  given: Partial<EndpointSources> & { signal?: AbortSignal; limitMs?: number } = {},
): Promise<DockerClient> {
  const { signal, limitMs, ...rest } = given;
  const sources = { environment: process.env, home: os.homedir(), platform: process.platform, ...rest };
  const tried: { source: string; endpoint: string; reason: string }[] = [];
  const all = candidates(sources).filter(
    ({ endpoint }, at, list) => list.findIndex((earlier) => earlier.endpoint === endpoint) === at,
  );
  for (const candidate of all) {
    signal?.throwIfAborted();
    const { source, endpoint } = candidate;
    try {
      const isOneOfSeveral = all.length > 1 && isLocal(endpoint);
      const answered = await probe(
        candidate,
        limitMs ?? (isOneOfSeveral ? localLimitMs : patientLimitMs),
        limitMs ?? answeringLimitMs,
        signal,
      );
      return { ...answered, attempts: attemptsOf(all, tried) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TareError) throw error; // it answers: another engine would be another machine
      tried.push({ source, endpoint, reason: reasonOf(error) });
    }
  }
  throw new TareError({ code: 'docker-unreachable', tried });
}

/** The first candidate that is not among those that failed is the one that answered. */
const attemptsOf = (all: readonly Candidate[], failed: readonly { reason: string }[]): EndpointAttempt[] =>
  all.map(({ source, endpoint }, at): EndpointAttempt => {
    const reason = failed[at]?.reason;
    if (reason !== undefined) return { source, endpoint, state: 'failed', reason };
    return { source, endpoint, state: at === failed.length ? 'used' : 'not-asked' };
  });

async function probe(
  candidate: Candidate,
  limitMs: number,
  versionLimitMs: number,
  signal?: AbortSignal,
): Promise<Omit<DockerClient, 'attempts'>> {
  const { source, endpoint, tls } = candidate;
  if (candidate.broken) throw new Error(candidate.broken);
  const docker = connect(candidate);
  const late = new AbortController();
  const abort = () => late.abort();
  let timer = setTimeout(abort, limitMs);
  signal?.addEventListener('abort', abort);
  const unlessLate = { abortSignal: late.signal };
  try {
    await asks(docker).ping(unlessLate);
    clearTimeout(timer);
    timer = setTimeout(abort, versionLimitMs);
    const version = await asks(docker).version(unlessLate);
    const podman = version.Components?.some((component) => /podman/i.test(component.Name));
    const name = podman ? 'Podman' : 'Docker';
    // its service ends when nobody has asked for five seconds, and with it the connections that were kept
    if (podman && isLocal(endpoint))
      (docker.modem as { agent?: http.Agent }).agent = new http.Agent({ keepAlive: false });
    const apiVersion = chooseApiVersion(endpoint, version);
    if (apiVersion !== undefined) (docker.modem as { version?: string }).version = `v${apiVersion}`; // from here on
    const info = await asks(docker).info(unlessLate);
    limited(docker);
    return {
      docker,
      endpoint,
      source,
      ...(tls && { tls: { folder: tls.folder, verify: tls.verify } }),
      name,
      version: version.Version,
      ...(apiVersion !== undefined && { apiVersion }),
      store: imageStoreOf(name, info),
      os: version.Os,
      architecture: version.Arch,
    };
  } catch (error) {
    throw late.signal.aborted ? new Error('ETIMEDOUT') : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

interface Answers {
  ping: object;
  version: Docker.DockerVersion;
  info: { DriverStatus?: [string, string][] | null };
}

/** @types/dockerode does not know that these take options, as every other call does. */
const asks = (docker: Docker) =>
  docker as unknown as { [A in keyof Answers]: (options: object) => Promise<Answers[A]> };

function connect({ endpoint, tls }: Candidate): Docker {
  // docker-modem starts from DOCKER_HOST and DOCKER_CERT_PATH and lets them win; every field it would take is given here.
  const blank = {
    host: undefined,
    port: undefined,
    socketPath: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  };
  const agent = new http.Agent({ keepAlive: true });
  const open = (options: object) =>
    new Docker({ ...blank, protocol: 'http', agent, ...options } as Docker.DockerOptions);
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(endpoint)?.[1];
  if (local) return open({ socketPath: local });
  if (endpoint.startsWith('ssh://')) return open({ host: 'docker', agent: sshAgent(endpoint) });
  const { protocol, hostname, port } = urlOf(endpoint);
  if (!/^(tcp|https?):$/.test(protocol)) throw new Error('scheme-unknown');
  if (!tls && protocol !== 'https:' && port !== '2376') return open({ host: hostname, port: port || 2375 });
  const { ca, cert, key, verify = true } = tls ?? {};
  const secure = new https.Agent({ keepAlive: true, rejectUnauthorized: verify });
  return open({ host: hostname, port: port || 2376, protocol: 'https', agent: secure, ca, cert, key });
}
