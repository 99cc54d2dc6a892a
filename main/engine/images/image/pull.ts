import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { isAbort, TareError } from '../../base/errors';
import type { Credentials } from '../registry/credentials';
import { registryFailure } from '../registry/refusals';
import { TransferProgress, type TransferLine } from '../registry/transfer';
import { objectsOf } from '../../base/docker/ndjson';
import { reasonOf, refusal, statusOf } from '../../base/docker/refusal';
import type { RunScope } from '../../base/scope';
import { steps } from '../../base/steps';

/**
 * Brings an image from its registry, telling its progress as the step `pull-image`. Where the connection breaks, the engine goes on
 * for about a minute from where each layer stopped; layers that are complete are not fetched again.
 * @throws {TareError} `image-unknown` · `registry-unauthorized` · `registry-unreachable` · `image-no-platform` ·
 *   `engine-disk-full`, each with the engine's reason; `docker-unreachable`; AbortError when aborted
 * @param onLine  hears each line of the engine's report
 */
export async function pullImage(
  docker: Docker,
  reference: string,
  scope: Pick<RunScope, 'signal' | 'progress'>,
  credentials?: Credentials,
  onLine?: (line: TransferLine) => void,
): Promise<TransferProgress> {
  const { signal } = scope;
  const options = { ...splitReference(reference), abortSignal: signal };
  const ask = async () => (await docker.createImage(credentials, options)) as Readable;
  return transferImage(reference, 'pull-image', scope, ask, onLine);
}

/**
 * Brings an image to the registry that its reference names, as the step `push-image`.
 * @throws {TareError} as {@link pullImage}
 */
export async function pushImage(
  docker: Docker,
  reference: string,
  scope: RunScope,
  credentials?: Credentials,
): Promise<TransferProgress> {
  const { fromImage, tag } = splitReference(reference);
  // The engine refuses a push without the header, also where the registry asks for no login.
  const authconfig = credentials ?? { serveraddress: '' };
  return transferImage(reference, 'push-image', scope, async () => {
    const image = docker.getImage(fromImage);
    return (await image.push({ tag, authconfig, abortSignal: scope.signal })) as Readable;
  });
}

/** Follows the engine's report to its end. */
async function transferImage(
  reference: string,
  name: 'pull-image' | 'push-image',
  scope: Pick<RunScope, 'signal' | 'progress'>,
  ask: () => Promise<Readable>,
  onLine?: (line: TransferLine) => void,
): Promise<TransferProgress> {
  const { signal } = scope;
  const step = steps(scope, name, reference);
  const transfer = new TransferProgress();
  const failed = (reason: string, cause?: unknown) =>
    new TareError(registryFailure(reference, reason, transfer.count()), { cause });
  try {
    for await (const line of objectsOf<TransferLine>(await ask())) {
      const reason = line.errorDetail?.message ?? line.error;
      if (reason !== undefined) throw failed(reason);
      transfer.take(line);
      onLine?.(line);
      step.moving(transfer.share(name === 'pull-image'), () => ({ transfer: transfer.transfer() }));
    }
    signal.throwIfAborted(); // an aborted stream may also just end
  } catch (error) {
    signal.throwIfAborted();
    if (isAbort(error) || error instanceof TareError || statusOf(error) === undefined) {
      throw refusal(name.replace('-', ' '), error);
    }
    throw failed(reasonOf(error), error);
  }
  transfer.end();
  step.done({ transfer: transfer.transfer() });
  return transfer;
}

/** Without a tag the engine would pull every tag there is. */
export function splitReference(reference: string): { fromImage: string; tag: string } {
  const [name = '', digest] = reference.split('@');
  if (digest !== undefined) return { ...splitReference(name), tag: digest };
  const colon = name.lastIndexOf(':');
  if (colon <= name.lastIndexOf('/')) return { fromImage: name, tag: 'latest' }; // a colon before a slash is a port
  return { fromImage: name.slice(0, colon), tag: name.slice(colon + 1) };
}
