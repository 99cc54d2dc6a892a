/** Images of ordinary services: the official one where it is here or a registry gives it, else one of Debian's packages. */
import type Docker from 'dockerode';
import type { Failure } from '../../../contract/failures';
import type { ServiceName } from '../../../contract/plan';
import { TareError, toFailure } from '../../base/errors';
import { loginFor } from '../registry/credentials';
import { anySignal } from '../../base/signals';
import type { RunScope } from '../../base/scope';
import { digestOf } from './digest';
import { pullImage } from './pull';

/** The image that most people start from; its major version is the one of Debian's packages, so that both are about the same. */
export const officialImages: Readonly<Record<ServiceName, string>> = {
  nginx: 'nginx:1.26',
  postgresql: 'postgres:17',
  valkey: 'valkey/valkey:8.1',
  node: 'node:20-slim',
  python: 'python:3.13-slim',
  java: 'eclipse-temurin:21-jre',
};

/** Where a service's base comes from when no registry gives it. */
export interface DebianBases {
  /** one that was made before; undefined when there is none */
  find(name: ServiceName): Promise<string | undefined>;
  /** @throws {TareError} `kit-failed` · `tool-missing` · `disk-short` · what building an image throws */
  make(name: ServiceName, scope: RunScope): Promise<string>;
}

/** A registry that has not said by then that it has the image is as good as none. */
const patienceMs = 5000;

/**
 * The image that a service stands on. What is here decides: a machine that once had no registry keeps to Debian's packages, so that
 * its runs stay comparable, until that image is removed.
 * @param official  the image that is asked for first
 * @throws {TareError} `service-unavailable` with both reasons · `engine-disk-full` · `docker-refused` · `docker-unreachable`;
 *   AbortError when aborted
 */
export async function serviceBase(
  docker: Docker,
  name: ServiceName,
  official: string,
  debian: DebianBases,
  scope: RunScope,
): Promise<string> {
  if ((await digestOf(docker, official)) !== undefined) return official;
  const made = await debian.find(name);
  if (made !== undefined) return made;
  const refused = await pulled(docker, official, scope);
  if (!refused) return official;
  try {
    return await debian.make(name, scope);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code !== 'kit-failed') throw error;
    const { step, output } = failure;
    throw new TareError(
      { code: 'service-unavailable', reference: official, reason: refused, step, output },
      { cause: error },
    );
  }
}

/** Why a registry did not give it; undefined when it did. */
async function pulled(docker: Docker, reference: string, scope: RunScope): Promise<string | undefined> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patienceMs);
  const { signal, release } = anySignal(scope.signal, silence.signal);
  try {
    const login = await loginFor(reference, signal);
    await pullImage(docker, reference, { ...scope, signal }, login, () => clearTimeout(timer));
    return undefined;
  } catch (error) {
    scope.signal.throwIfAborted();
    if (silence.signal.aborted) return 'ETIMEDOUT';
    const failure = toFailure(error);
    if (isRefusal(failure)) return failure.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    release();
  }
}

const refusals = [
  'image-unknown',
  'image-no-platform',
  'registry-unauthorized',
  'registry-unreachable',
] as const;
type Refusal = Extract<Failure, { code: (typeof refusals)[number] }>;
const isRefusal = (failure: Failure): failure is Refusal => refusals.some((code) => code === failure.code);
