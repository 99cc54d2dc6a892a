/** Containers that are ours: written down before they come into being, and removed for certain. */
import type Docker from 'dockerode';
import { TareError } from '../errors';
import { sessionLabel } from '../process/ledger';
import { sleep } from '../signals';
import type { RunScope } from '../scope';
import { refusal, statusOf } from './refusal';

export interface OwnedContainer {
  readonly name: string;
  readonly container: Docker.Container;
  /** removes it by force, waits until it is gone and strikes it out of the ledger. Safe to call twice. */
  remove(): Promise<void>;
}

/** The engine answers within milliseconds; a loaded disk can take seconds. */
const longestRemovalMs = 20_000;
const longestAnswerMs = 20_000;

/**
 * Waits for an answer that must not be broken off. After an abort the engine has 20 s left to give it; an engine that
 * hangs must not hold up the stop, and what it may still create is in the ledger.
 */
export async function settled<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUp: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    giveUp = () => (timer = setTimeout(() => reject(signal.reason as Error), longestAnswerMs));
  });
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/**
 * Creates a container. The request is never broken off: the engine would go on creating it. So an abort is noticed
 * afterwards by the caller, which owns what came back.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function createOwned(
  docker: Docker,
  scope: Pick<RunScope, 'ledger' | 'signal'>,
  options: Docker.ContainerCreateOptions,
  what: string,
): Promise<OwnedContainer> {
  scope.signal.throwIfAborted();
  const name = scope.ledger.name(what);
  const strike = scope.ledger.note('container', name);
  let container: Docker.Container;
  try {
    container = await settled(docker.createContainer({ ...options, name }), scope.signal);
  } catch (error) {
    // Refused means that there is none. Cut off means that there may be one: the ledger keeps it.
    if (statusOf(error) !== undefined) strike();
    throw refusal('create', error);
  }
  let removal: Promise<void> | undefined;
  const removeOnce = async () => {
    await removeContainer(docker, container.id);
    strike();
  };
  return {
    name,
    container,
    remove() {
      removal ??= removeOnce().catch((error: unknown) => {
        removal = undefined; // the next call tries again
        throw error;
      });
      return removal;
    },
  };
}

/**
 * A container that is never started: by it an engine tells and gives out an image's files.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export const createUnstarted = (
  docker: Docker,
  scope: Pick<RunScope, 'ledger' | 'signal'>,
  digest: string,
  what: string,
): Promise<OwnedContainer> =>
  createOwned(
    docker,
    scope,
    {
      Image: digest,
      Cmd: ['never-started'], // images without a command cannot be created without one
      Labels: { [sessionLabel]: scope.ledger.session },
      HostConfig: { NetworkMode: 'none' },
    },
    what,
  );

/**
 * Works with a container, which is gone afterwards.
 * @throws the signal's reason when aborted, since a container that is removed in its midst says anything · what `work` throws
 */
export async function withOwned<T>(
  owned: OwnedContainer,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const remove = () => void owned.remove().catch(() => undefined); // told by the removal below
  signal.addEventListener('abort', remove, { once: true });
  try {
    return await settled(work(), signal); // an engine that hangs answers neither the removal nor the work
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', remove);
    await owned.remove();
  }
}

/**
 * Removes a container by force, running or not, and returns once the engine no longer knows it.
 * @returns whether there was one
 * @throws {TareError} `not-stopped` when it is still there after 20 s · `docker-refused` · `docker-unreachable`
 */
export async function removeContainer(docker: Docker, idOrName: string): Promise<boolean> {
  const container = docker.getContainer(idOrName);
  const deadline = performance.now() + longestRemovalMs;
  for (let found = false; ; found = true) {
    try {
      await container.remove({ force: true, v: true });
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return found;
      // 409: someone is removing it already. 500: the engine is still busy with it, as in the middle of a start.
      if (status !== 409 && status !== 500) throw refusal('remove', error);
      if (performance.now() > deadline)
        throw new TareError({ code: 'not-stopped', what: idOrName }, { cause: error });
    }
    if (await isGone(container)) return true;
    if (performance.now() > deadline) throw new TareError({ code: 'not-stopped', what: idOrName });
    await sleep(20);
  }
}

/** Whether the engine knows it no more. @throws {TareError} `docker-refused` · `docker-unreachable` */
export async function isGone(container: Docker.Container): Promise<boolean> {
  try {
    await container.inspect();
    return false;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    throw refusal('inspect', error);
  }
}

/**
 * Takes an image's name away, and removes it unless it has another one. One that is not there is none to remove.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function removeImage(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getImage(name).remove({ force: true });
  } catch (error) {
    if (statusOf(error) !== 404) throw refusal('remove image', error);
  }
}
