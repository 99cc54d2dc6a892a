/** QEMU's control socket: lines of JSON, each command answered by its id, events in between. */
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { readAs } from '../../../../../contract/run/bounds';
import type { TareError } from '../../../../base/errors';
import { programFailed } from '../../../../base/process/child';

const Greeting = z.object({
  QMP: z.object({
    version: z.object({ qemu: z.object({ major: z.number(), minor: z.number(), micro: z.number() }) }),
  }),
});
const Answer = z.union([
  z.object({ return: z.unknown(), id: z.number() }),
  z.object({ error: z.object({ class: z.string(), desc: z.string() }), id: z.number() }),
]);
const Event = z.object({ event: z.string(), data: z.record(z.string(), z.unknown()).default({}) });
export type QmpEvent = z.infer<typeof Event>;

export interface Qmp {
  /** `10.0.13` */
  readonly version: string;
  /** performance.now() when the greeting arrived: QEMU has built the machine */
  readonly greetedAtMs: number;
  /**
   * Runs one command and gives back what it returns.
   * @throws {TareError} `program-failed`: QEMU refused it, did not answer in time, or is gone
   */
  execute(command: string, args?: Record<string, unknown>, timeoutMs?: number): Promise<unknown>;
  close(): void;
}

/** QEMU answers in milliseconds, but on a computer that is busy or itself emulated it has taken more than two seconds. */
const usualTimeoutMs = 10_000;
const longestLine = 4 * 1024 * 1024;

const failed = (exit: string, output: string) => programFailed('qemu', exit, output);

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: TareError) => void;
}

/** Answers that are still to come, each with its own limit. */
function openQuestions() {
  const waiting = new Map<number, Waiting>();
  const settle = (id: number, act: (waiting: Waiting) => void) => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (found) act(found);
  };
  return {
    ask(id: number, what: string, timeoutMs: number): Promise<unknown> {
      return new Promise((resolve, reject) => {
        const late = () => settle(id, (question) => question.reject(failed('no answer', what)));
        const timer = setTimeout(late, timeoutMs);
        const ended =
          <T>(act: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            act(value);
          };
        waiting.set(id, { resolve: ended(resolve), reject: ended(reject) });
      });
    },
    answer: (id: number, value: unknown) => settle(id, ({ resolve }) => resolve(value)),
    refuse: (id: number, error: TareError) => settle(id, ({ reject }) => reject(error)),
    refuseAll(error: TareError) {
      for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error));
    },
  };
}

const greetingId = 0;

/**
 * Waits for the greeting, negotiates, and answers with a client that the caller must close.
 * @throws {TareError} `program-failed` when no proper greeting comes within `timeoutMs`
 */
export async function openQmp(
  stream: Duplex,
  options: { timeoutMs?: number; onEvent?: (event: QmpEvent) => void } = {},
): Promise<Qmp> {
  const questions = openQuestions();
  let lastId = greetingId;
  let gone: TareError | undefined;

  const end = (why: string) => {
    gone ??= failed('control socket closed', why);
    questions.refuseAll(gone);
    stream.off('data', hear).destroy();
  };
  const hear = lineReader(
    (line) => takeMessage(line, questions, options.onEvent, end),
    () => end('a line without end'),
  );
  const execute = (command: string, args?: Record<string, unknown>, timeoutMs = usualTimeoutMs) => {
    if (gone) return Promise.reject(gone);
    const id = ++lastId;
    const answer = questions.ask(id, command, timeoutMs);
    stream.write(JSON.stringify({ execute: command, ...(args && { arguments: args }), id }) + '\n');
    return answer;
  };

  stream.on('data', hear);
  stream.on('close', () => end(''));
  stream.on('error', (error: Error) => end(error.message));
  try {
    const { qemu, atMs } = (await questions.ask(
      greetingId,
      'greeting',
      options.timeoutMs ?? usualTimeoutMs,
    )) as Welcome;
    await execute('qmp_capabilities');
    const version = `${qemu.major}.${qemu.minor}.${qemu.micro}`;
    return { version, greetedAtMs: atMs, execute, close: () => end('closed') };
  } catch (error) {
    end('no greeting');
    throw error;
  }
}

interface Welcome {
  qemu: z.infer<typeof Greeting>['QMP']['version']['qemu'];
  atMs: number;
}

function takeMessage(
  line: string,
  questions: ReturnType<typeof openQuestions>,
  onEvent: ((event: QmpEvent) => void) | undefined,
  end: (why: string) => void,
): void {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return end(`not JSON: ${line.slice(0, 200)}`);
  }
  const greeting = readAs(Greeting, message);
  if (greeting.success) {
    const welcome: Welcome = { qemu: greeting.data.QMP.version.qemu, atMs: performance.now() };
    return questions.answer(greetingId, welcome);
  }
  const answer = readAs(Answer, message);
  if (answer.success) {
    const { data } = answer;
    if ('error' in data) questions.refuse(data.id, failed(`QMP ${data.error.class}`, data.error.desc));
    else questions.answer(data.id, data.return);
    return;
  }
  const event = readAs(Event, message);
  if (event.success) onEvent?.(event.data);
}

/** Calls `line` for each full line; `overlong` when one does not end. UTF-8 characters may be cut anywhere. */
function lineReader(line: (text: string) => void, overlong: () => void): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let end = pending.indexOf(10); end >= 0; end = pending.indexOf(10)) {
      const text = pending.subarray(0, end).toString('utf8').trim();
      pending = pending.subarray(end + 1);
      if (text) line(text);
    }
    if (pending.length > longestLine) overlong();
  };
}
