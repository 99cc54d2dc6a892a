/** Real programs that read a tar stream to its end, stop early, or give up. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readTar } from '../../../../../main/engine/images/disk/tarReader';

const { signal: never } = new AbortController();

/** A stream of this many bytes that closes as a tar does, unless it is cut. */
function tarOf(bytes: number, cut = false): Readable {
  const chunk = Buffer.alloc(64 * 1024, 1);
  const chunks = Array.from({ length: Math.ceil(bytes / chunk.length) }, () => chunk);
  return Readable.from(cut ? chunks : [...chunks, Buffer.alloc(10_240)]);
}

const read = (script: string, tar: Readable, signal = never) =>
  readTar({
    words: ['sh', '-c', script],
    exportImage: () => Promise.resolve(tar),
    folder: '/tmp',
    neededBytes: 1,
    signal,
  });

describe('a program that reads a tar', () => {
  it.each([
    ['reads all of it', 'cat >/dev/null'],
    ['stops at the closing mark and goes on working', 'head -c 1000 >/dev/null; exec <&-; sleep 0.2'],
    ['never reads', 'true'],
  ])('may end well when it %s', async (_what, script) => {
    const tar = tarOf(4_000_000);
    await read(script, tar);
    expect(tar.readableEnded).toBe(true);
  });

  it.each(['cat >/dev/null', 'true'])(
    'has not read an image when the stream was cut short (%s)',
    async (script) => {
      await expect(read(script, tarOf(4_000_000, true))).rejects.toMatchObject({
        failure: { code: 'program-failed', program: 'export', exit: 'truncated tar stream' },
      });
    },
  );

  it('tells in its own words why it gave up, and the stream ends there', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(64 * 1024);
      })(),
    );
    await expect(read('head -c 1000 >/dev/null; echo bad block >&2; exit 3', endless)).rejects.toMatchObject({
      failure: { code: 'program-failed', program: 'sh', exit: 'exit 3', output: 'bad block' },
    });
    expect(endless.destroyed).toBe(true);
  });

  it('tells of a full disk as one', async () => {
    const full = read('echo "write: No space left on device" >&2; exit 1', tarOf(1000));
    await expect(full).rejects.toMatchObject({
      failure: { code: 'disk-short', path: '/tmp', neededBytes: 1 },
    });
  });

  it('fails with what went wrong at the sender', async () => {
    const broken = new Readable({ read: () => undefined });
    setImmediate(() => broken.destroy(new Error('the engine is gone')));
    await expect(read('cat >/dev/null', broken)).rejects.toThrow('the engine is gone');
  });

  it('ends when it is cancelled', async () => {
    const stop = new AbortController();
    const silent = new Readable({ read: () => setImmediate(() => stop.abort()) });
    await expect(read('cat >/dev/null', silent, stop.signal)).rejects.toThrow(/abort/i);
    if (!silent.closed) await once(silent, 'close');
    expect(silent.destroyed).toBe(true);
  });

  it('is named when it is not there', async () => {
    const missing = readTar({
      words: ['no-such-program'],
      exportImage: () => Promise.resolve(tarOf(1000)),
      folder: '/tmp',
      neededBytes: 1,
      signal: never,
    });
    await expect(missing).rejects.toMatchObject({
      failure: { code: 'tool-missing', program: 'no-such-program' },
    });
  });
});
