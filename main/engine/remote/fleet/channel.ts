/** A program that a host is reached by: its standard input and output are those of Tare there. */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Failure } from '../../../contract/failures';
import { toFailure } from '../../base/errors';
import { lastOf, notStarted } from '../../base/process/child';
import { settlesWithin } from '../../base/signals';

/** Bytes to and from Tare on a host. */
export interface Channel {
  input: Writable;
  output: Readable;
  /** settles when it is gone, with why; never rejects */
  gone: Promise<Gone>;
  /**
   * Asks it to end by the end of its input, and ends it when it does not; resolves when it is gone.
   * @param politeMs  how long it may take for it
   */
  close: (politeMs: number) => Promise<void>;
}

export interface Gone {
  /** `exit 255`, `signal SIGKILL` */
  exit: string;
  /** the end of what it printed to its standard error, without control characters */
  output: string;
  /** what that means, where it is known */
  failure?: Failure;
}

/** How a host is reached. */
export interface Way {
  /** words of the failure, from how it ended and what it said; undefined where they tell nothing */
  explain: (gone: Gone) => Failure | undefined;
  /** how long it may take until a run begins there, where that is longer than usual */
  helloMs?: number;
  /** nothing can be asked that way but for a run: the host pulls its images itself */
  onlyRuns?: true;
  /** @param words  of Tare's command line there, none of which a shell takes for more than itself */
  open: (words: readonly string[]) => Channel;
}

const longestOutput = 16 * 1024;
/** What a host's shell may print that a terminal would obey, or that would turn a line around. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
export const cleaned = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(unprintable, '').trim();

/** Reads what a program says to people. @returns what there is of its end so far, without control characters */
export function endOf(stream: Readable): () => string {
  const said = lastOf(stream, longestOutput);
  return () => cleaned(said());
}

const abruptMs = 5000;

/** Words that a Ctrl-C passes by, although they share the person's terminal. */
const unheeding = (words: readonly string[]): string[] => [
  'sh',
  '-c',
  'trap "" INT; exec "$@"',
  'sh',
  ...words,
];

/**
 * Starts a program as a channel. Ctrl-C does not reach it: what runs at its end is to be stopped first, and to come home.
 * @param words  no shell reads them
 * @param options.env  added to this process's own
 * @param options.asks  it keeps the terminal, at which it may ask a person
 */
export function openProgram(
  words: readonly string[],
  { env, asks = false }: { env?: NodeJS.ProcessEnv; asks?: boolean } = {},
): Channel {
  const [program, ...args] = asks ? unheeding(words) : words;
  const child = spawn(program!, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: !asks,
  });
  const said = endOf(child.stderr);
  child.stdin.on('error', () => undefined); // why it has ended is known when it is gone
  const gone = new Promise<Gone>((resolve) => {
    const tell = (exit: string, failure?: Failure) => {
      // what it has started itself, as a connection that others are to share, may hold them open for ever
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ exit, output: said(), ...(failure && { failure }) });
    };
    child.once('error', (error) => tell('', toFailure(notStarted(words[0]!, error))));
    child.once('exit', (code, signal) => {
      const exit = signal ? `signal ${signal}` : `exit ${code}`;
      const bothRead = Promise.all([read(child.stdout), read(child.stderr)]).then(() => undefined);
      void settlesWithin(bothRead, 1000).then(() => tell(exit));
    });
  });
  const isGone = gone.then(() => undefined);
  return {
    input: child.stdin,
    output: child.stdout,
    gone,
    async close(politeMs) {
      child.stdin.end();
      if (await settlesWithin(isGone, politeMs)) return;
      child.kill('SIGTERM');
      if (await settlesWithin(isGone, abruptMs)) return;
      child.kill('SIGKILL');
      await isGone;
    },
  };
}

const read = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    if (stream.readableEnded || stream.destroyed) return resolve();
    stream.once('close', resolve);
    stream.once('end', resolve);
  });
