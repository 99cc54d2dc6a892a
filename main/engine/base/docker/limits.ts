/**
 * How long an engine is waited for, by what it is asked: one table for every call. A daemon that hangs (stopped, out of memory, on a
 * disk that does not answer) accepts connections and says nothing for ever, and whoever waits for it must come to an end.
 */
import type Docker from 'dockerode';
import type { IncomingMessage } from 'node:http';
import { TareError } from '../errors';
import { anySignal } from '../signals';

interface Limit {
  /** until the answer is there, or a stream begins */
  answerMs: number;
  /** between two pieces of a stream; absent: it tells of something that may go on for as long as it likes */
  silenceMs?: number;
}

const [second, minute] = [1000, 60_000];

/** What it knows, it says within milliseconds; an engine that is busy, or on an emulated computer, has taken seconds. */
const knows: Limit = { answerMs: 30 * second };
/** What it has to make, or to look for on its disk. */
const makes: Limit = { answerMs: 2 * minute };
/** What is to end: a person waits for it, and the ledger has what does not. */
const ends: Limit = { answerMs: 20 * second };
/** A registry, or a layer that is packed, may keep it silent for long. */
const moves: Limit = { answerMs: 10 * minute, silenceMs: 10 * minute };
/** A step of a classic build prints what its program prints, which may be nothing for long. */
const builds: Limit = { answerMs: 60 * minute, silenceMs: 60 * minute };
const tells: Limit = { answerMs: 30 * second };

const table: [methods: RegExp, path: RegExp, limit: Limit | undefined][] = [
  [/POST/, /^\/containers\/[^/]+\/wait$/, undefined], // answered when the container ends
  [/GET/, /^\/events$/, undefined], // begins with the first event
  [/GET|POST/, /^\/((containers|tasks)\/[^/]+\/(attach|logs|stats)|exec\/[^/]+\/start)$/, tells],
  [/POST/, /^\/build$/, builds],
  [/POST/, /^\/images\/(create|load|.+\/push)$/, moves],
  [/GET/, /^\/(images\/.+\/get|images\/get|containers\/[^/]+\/export)$/, moves],
  [/GET|PUT/, /^\/containers\/[^/]+\/archive$/, moves],
  [/POST/, /^\/containers\/[^/]+\/(stop|kill|pause|unpause)$/, ends],
  [/DELETE/, /^\/(containers|networks|secrets|services)\/[^/]+$/, ends],
  [/GET/, /^\/(images\/json|system\/df|containers\/[^/]+\/json\?.*size)/, makes],
  [/GET|HEAD/, /./, knows],
  [/./, /./, makes],
];

/** Once it has let a question go unanswered, the next ones need not be waited for as long, until it answers one. */
const briefMs = 5 * second;

/** What docker-modem is asked for, as far as it is looked at. */
interface Dial {
  path: string;
  method: string;
  isStream?: boolean;
  abortSignal?: AbortSignal;
}
type Reply = (error: unknown, answer: unknown) => void;
interface Modem {
  dial: (options: Dial, reply: Reply) => void;
}

/** Undefined where it is waited for as long as it takes. @param path  with its query */
export function limitOf({ method, path }: Pick<Dial, 'method' | 'path'>): Limit | undefined {
  const bare = path.replace(/\?.*$/, '');
  return table.find(([methods, form]) => methods.test(method) && (form.test(bare) || form.test(path)))?.[2];
}

/**
 * Gives every call to this engine its limit: the call then fails as any other does, by {@link TareError} `docker-silent`. A request
 * that was given up is broken off; what the engine still makes of it is in the ledger.
 */
export function limited(docker: Docker): void {
  const modem = docker.modem as Modem;
  const dial = modem.dial.bind(modem);
  let isSilent = false;
  modem.dial = (options, reply) => {
    const limit = limitOf(options);
    if (!limit) return dial(options, reply);
    const answerMs = isSilent ? Math.min(limit.answerMs, briefMs) : limit.answerMs;
    const operation = `${options.method} ${options.path.replace(/\?.*$/, '')}`;
    const silence = (afterMs: number) => new TareError({ code: 'docker-silent', operation, afterMs });
    const late = new AbortController();
    const given = anySignal(late.signal, ...(options.abortSignal ? [options.abortSignal] : []));
    const timer = setTimeout(() => late.abort(), answerMs);
    dial({ ...options, abortSignal: given.signal }, (error, answer) => {
      clearTimeout(timer);
      isSilent = late.signal.aborted;
      const stream = !error && options.isStream ? (answer as IncomingMessage) : undefined;
      if (stream) {
        // it may be broken off for as long as it lasts
        stream.once('close', given.release);
        if (limit.silenceMs !== undefined) endWhenSilent(stream, limit.silenceMs, silence);
      } else given.release();
      if (late.signal.aborted) reply(silence(answerMs), null);
      else reply(error, answer);
    });
  };
}

/** What waits to be read here is not the engine's silence. */
function endWhenSilent(stream: IncomingMessage, ms: number, silence: (afterMs: number) => Error): void {
  const timer = setTimeout(() => {
    if (stream.readableLength > 0) timer.refresh();
    else stream.destroy(silence(ms));
  }, ms);
  const { socket } = stream; // at its end it has none any more
  const heard = () => void timer.refresh();
  socket.on('data', heard);
  stream.once('close', () => {
    clearTimeout(timer);
    socket.off('data', heard);
  });
}
