/** A program that reads an image's files as a tar stream: what makes a disk of them, and what unpacks them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TareError } from '../../base/errors';
import { lastOf, notStarted, programFailed } from '../../base/process/child';
import { freeBytes, saysFull } from './space';

export interface TarReading {
  /** the program and its arguments */
  words: [string, ...string[]];
  /** added to this process's own */
  env?: NodeJS.ProcessEnv;
  /** where it is started; default: where this process is */
  cwd?: string;
  /** the tar stream; destroyed if it is not read to its end */
  exportImage: (signal: AbortSignal) => Promise<Readable>;
  /** where the program writes */
  folder: string;
  /** what it needs there at most, told when the disk turns out to be full */
  neededBytes: number;
  signal: AbortSignal;
}

/**
 * Runs a program to its end with a tar stream on its standard input. The stream is always read to its end, even when the
 * program stops at the archive's closing mark (sqfstar does): only then is it known that the engine sent all of it.
 * @throws {TareError} `tool-missing` · `disk-short` · `program-failed`; what `exportImage` throws; AbortError when aborted
 */
export async function readTar({ words, env, cwd, exportImage, folder, neededBytes, signal }: TarReading) {
  const [program, ...rest] = words;
  const child = spawn(program, rest, {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', ...env },
    cwd,
  });
  const complained = lastOf(child.stderr, 16_384);
  const ended = endOf(program, child);
  ended.catch(() => undefined); // looked at below, after the copy
  const input = untilClosed(child.stdin);
  const gaveUp = () => child.signalCode !== null || (child.exitCode !== null && child.exitCode !== 0);
  child.on('exit', () => gaveUp() && input.destroy()).on('error', () => input.destroy());

  let failure: Error | undefined;
  try {
    await pipeline(await exportImage(signal), wholeTar(), input, { signal });
  } catch (error) {
    // of a program that gave up, its own words say why
    if (!gaveUp()) failure = error as Error;
    child.kill('SIGKILL');
  }
  const exit = await ended;
  if (failure) throw failure;
  if (exit === 'exit 0') return;
  const complaints = complained();
  if (saysFull(complaints))
    throw new TareError({
      code: 'disk-short',
      path: folder,
      neededBytes,
      availableBytes: await freeBytes(folder),
    });
  throw programFailed(program, exit, complaints.trim());
}

const endOf = (program: string, child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.on('error', (error) => reject(notStarted(program, error)));
    child.on('close', (exit, killed) => resolve(killed ? `signal ${killed}` : `exit ${exit}`));
  });

/** Writes to a program for as long as it reads, and takes what comes later to nowhere. */
function untilClosed(stdin: Writable): Writable {
  let reads = true;
  stdin.on('close', () => (reads = false)).on('error', () => (reads = false));
  return new Writable({
    write(chunk, _encoding, done) {
      if (reads) stdin.write(chunk, () => done());
      else setImmediate(done); // lets the program's end be heard of
    },
    final(done) {
      if (reads) stdin.end(() => done());
      else done();
    },
    destroy(error, done) {
      stdin.destroy();
      done(error);
    },
  });
}

const endOfTar = 1024;

/**
 * Lets a tar stream through and fails at its end if the closing blocks of zeros are missing: an engine that dies during
 * the export just ends the stream, and mkfs.erofs would make a disk of the half it got.
 */
export function wholeTar(): Transform {
  let tail: Buffer = Buffer.alloc(0);
  return new Transform({
    highWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      tail =
        chunk.length >= endOfTar
          ? chunk.subarray(-endOfTar)
          : Buffer.concat([tail, chunk]).subarray(-endOfTar);
      done(null, chunk);
    },
    flush(done) {
      const whole = tail.length === endOfTar && tail.every((byte) => byte === 0);
      const cut = {
        code: 'program-failed',
        program: 'export',
        exit: 'truncated tar stream',
        output: '',
      } as const;
      done(whole ? null : new TareError(cut));
    },
  });
}
