import type Docker from 'dockerode';
import { Readable } from 'node:stream';
import { asking } from '../../base/docker/refusal';
import { createUnstarted } from '../../base/docker/owned';
import type { RunScope } from '../../base/scope';

/**
 * The image's flattened root filesystem as a raw tar stream: a container is created, never started, exported and removed.
 * It is gone before the stream ends, and also when the stream is destroyed early, which the caller must do if it does not read to the end.
 * @throws {TareError} `docker-refused` · `docker-unreachable`; AbortError when aborted
 */
export async function exportImage(docker: Docker, digest: string, scope: RunScope): Promise<Readable> {
  const { signal } = scope;
  const helper = await createUnstarted(docker, scope, digest, 'export');
  try {
    signal.throwIfAborted();
    const source = (await asking('export', helper.container.export({ abortSignal: signal }))) as Readable;
    return removedAtEnd(source, () => helper.remove());
  } catch (error) {
    await helper.remove();
    throw error;
  }
}

function removedAtEnd(source: Readable, remove: () => Promise<void>): Readable {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const step = async (stream: Readable) => {
    const next = await chunks.next();
    if (!next.done) return void stream.push(next.value);
    await remove();
    stream.push(null);
  };
  return new Readable({
    highWaterMark: 1024 * 1024,
    read() {
      step(this).catch((error: Error) => this.destroy(error));
    },
    destroy(error, done) {
      source.destroy();
      remove().then(
        () => done(error),
        (left: Error) => done(error ?? left),
      );
    },
  });
}
