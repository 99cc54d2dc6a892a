/** Images as files, as `docker save` gives them and `docker load` takes them. */
import type Docker from 'dockerode';
import { addAbortSignal, type Readable } from 'node:stream';
import { TareError } from '../../base/errors';
import { objectsOf } from '../../base/docker/ndjson';
import { asking } from '../../base/docker/refusal';

/**
 * An image with its names and layers.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function saveImage(docker: Docker, reference: string, signal: AbortSignal): Promise<Readable> {
  const archive = (await asking('save', docker.getImage(reference).get())) as Readable;
  return addAbortSignal(signal, archive);
}

/**
 * Hands an archive to the engine, as fast as it takes it.
 * @throws {TareError} `docker-refused` with the engine's words · `docker-unreachable`; what reading the archive throws; AbortError when aborted
 */
export async function loadImage(docker: Docker, archive: Readable, signal: AbortSignal): Promise<void> {
  // an archive that breaks off would leave the engine waiting for the rest of it
  const stopping = new AbortController();
  let broken: Error | undefined;
  const stop = () => stopping.abort();
  archive.on('error', (error: Error) => {
    broken = error;
    stop();
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const options = { quiet: true, abortSignal: stopping.signal };
    const said = (await asking('load', docker.loadImage(archive, options))) as AsyncIterable<Buffer>;
    for await (const { error } of objectsOf<{ error?: string }>(said))
      if (error !== undefined)
        throw new TareError({ code: 'docker-refused', operation: 'load', status: 500, reason: error });
  } catch (error) {
    throw broken ?? error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
