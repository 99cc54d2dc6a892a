/** Networks that are ours: written down before they come into being, and removed for certain. */
import type Docker from 'dockerode';
import { sessionLabel } from '../process/ledger';
import type { RunScope } from '../scope';
import { settled } from './owned';
import { refusal, statusOf } from './refusal';

export interface OwnedNetwork extends AsyncDisposable {
  readonly name: string;
}

/**
 * Creates a network in which containers reach each other by their names. The request is never broken off: the engine would go on
 * creating it. Disposing of it, once no container is in it, removes it.
 * @throws {TareError} `docker-refused` · `docker-unreachable`; the signal's reason when aborted
 */
export async function openNetwork(
  docker: Docker,
  { ledger, signal }: Pick<RunScope, 'ledger' | 'signal'>,
): Promise<OwnedNetwork> {
  signal.throwIfAborted();
  const name = ledger.name('network');
  const strike = ledger.note('network', name);
  const Labels = { [sessionLabel]: ledger.session };
  try {
    await settled(docker.createNetwork({ Name: name, Labels }), signal);
  } catch (error) {
    if (statusOf(error) !== undefined) strike(); // refused: there is none
    throw refusal('create network', error);
  }
  return {
    name,
    async [Symbol.asyncDispose]() {
      await removeNetwork(docker, name);
      strike();
    },
  };
}

/** @throws {TareError} `docker-refused`, as when a container is in it · `docker-unreachable` */
export async function removeNetwork(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getNetwork(name).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw refusal('remove network', error);
  }
}
