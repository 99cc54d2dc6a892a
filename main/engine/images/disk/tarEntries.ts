import type { Readable } from 'node:stream';
import { extract, type Extract } from 'tar-stream';
import { TareError } from '../../base/errors';
import { wholeTar } from './tarReader';

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

/**
 * The entries of an engine's tar stream, which is destroyed when the loop over them ends. What the loop does not read of an entry it
 * passes over with `entry.resume()`.
 * @throws {TareError} `program-failed` when the stream was cut, or is no tar; what the stream fails with
 */
export async function* tarEntries(tar: Readable): AsyncGenerator<Entry> {
  const reader = extract();
  let broken: Error | undefined;
  const end = (error: Error) => {
    broken ??= error;
    reader.destroy(error);
  };
  tar.on('error', end).pipe(wholeTar()).on('error', end).pipe(reader);
  try {
    yield* reader;
  } catch (error) {
    if (error === broken || error instanceof TareError) throw error;
    const { message } = error as Error; // the tar reader's own
    const corrupt = { program: 'export', exit: 'corrupt tar stream', output: message };
    throw new TareError({ code: 'program-failed', ...corrupt }, { cause: error });
  } finally {
    tar.destroy();
  }
}
