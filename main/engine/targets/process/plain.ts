/** One image's command as a plain process of the host: started, watched, stopped politely, then by force, then checked. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fchmodSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Missing, TrialMemory } from '../../../contract/run/run';
import { TareError } from '../../errors';
import { descendants, familyCpuMs, familyResidentBytes } from '../../process/family';
import { bytesBelow } from '../../process/files';
import { signalNumber } from '../../image/stopSignal';
import { accessDenied } from '../../process/accessControl';
import { notStarted, programFailed } from '../../process/child';
import { processes } from '../../process/proc';
import { sleep } from '../../signals';
import { sharesOfAll, sharing } from '../../process/shares';
import { exitOf } from '../ending';
import { markReader, type GuestMark } from '../../guest/protocol';
import { bound } from '../../process/programs';
import { attempted, memoryLeft } from '../remains';
import type { Ending, Instance, Mark, Reading } from '../target';
import type { RunScope } from '../../scope';
import { launchWords, markDescriptor, type Launch } from './launch';

const politeMs = 1000;
const forcedMs = 5000;
const longestOutput = 64 * 1024;

/** A file without a name, so that nothing is left of it. Images write to /dev/stdout by name, which Node's own pipes refuse. */
class Output {
  readonly descriptor: number;

  constructor(folder: string, name: string) {
    const file = path.join(folder, name);
    this.descriptor = openSync(file, 'ax+');
    rmSync(file);
    fchmodSync(this.descriptor, 0o666); // the image's user may open it again
  }

  text(): string {
    const { size } = fstatSync(this.descriptor);
    const kept = Buffer.alloc(Math.min(size, longestOutput));
    const read = readSync(this.descriptor, kept, 0, kept.length, size - kept.length);
    return kept.subarray(0, read).toString();
  }
}

/**
 * Starts the process and resolves when its command has been executed. Marks `spawned` and `exec`.
 * @throws {TareError} `guest-refused` with the reason · `program-failed` when the namespaces could not be made;
 *   the signal's reason when aborted. Whatever is thrown, the process is gone by then.
 */
export async function startPlain(launch: Launch, mark: Mark, scope: RunScope): Promise<Instance> {
  const { ledger, signal } = scope;
  signal.throwIfAborted();
  const name = ledger.name('process');
  const words = await bound(launchWords(launch, name));
  const output = new Output(launch.place, name);
  const strike = ledger.note('process', name);
  const plain = new PlainProcess(words, name, output);
  void plain.gone.then(strike);
  const abort = () => plain.kill();
  signal.addEventListener('abort', abort, { once: true });
  try {
    mark('spawned');
    await plain.executed(mark);
    signal.throwIfAborted();
    return instanceOf(plain, launch);
  } catch (error) {
    await plain.end();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

class PlainProcess {
  readonly child: ChildProcess;
  /** the namespaces have no process left; never rejects */
  readonly gone: Promise<void>;
  private isGone = false;
  private last = '';
  private spawnError?: Error;

  constructor(
    words: string[],
    private readonly name: string,
    private readonly output: Output,
  ) {
    const [program, ...args] = words as [string, ...string[]];
    const { descriptor } = output;
    // A session of its own: Ctrl-C in the terminal must reach Tare alone, which then stops it in order.
    this.child = spawn(program, args, { detached: true, stdio: ['ignore', descriptor, descriptor, 'pipe'] });
    this.gone = new Promise<void>((resolve) => {
      this.child.on('close', () => resolve());
      this.child.on('error', (error) => {
        this.spawnError = error;
        resolve();
      });
    }).then(() => {
      this.last = this.output.text();
      closeSync(descriptor);
      this.isGone = true;
    });
  }

  get hasEnded(): boolean {
    return this.isGone;
  }

  /** Waits for the mark that the command is executed. */
  executed(mark: Mark): Promise<void> {
    return new Promise((resolve, reject) => {
      const read = markReader();
      const hear = (told: GuestMark) => {
        if (told.kind === 'exec') {
          mark('exec');
          resolve();
        }
        if (told.kind !== 'refused') return;
        void this.gone.then(() => reject(this.whyRefused(told.reason, told.text)));
      };
      (this.child.stdio[markDescriptor] as Readable)
        .on('data', (chunk: Buffer) => read(chunk).forEach(hear))
        .on('error', () => undefined);
      void this.gone.then(() => setImmediate(() => reject(this.whyNotExecuted())));
    });
  }

  /** A mount is refused by this computer's kernel, everything else by what the image says. */
  private whyRefused(reason: string, text: string): Error {
    const denied = reason === 'mount' && accessDenied('mount', this.last);
    return new TareError(
      denied || { code: 'guest-refused', reason: `${reason}: ${text}`, output: this.last },
    );
  }

  private whyNotExecuted(): Error {
    if (this.spawnError) return notStarted('unshare', this.spawnError);
    const { exit, output } = this.ending();
    return programFailed('unshare', exit, output);
  }

  text(): string {
    return this.isGone ? this.last : this.output.text();
  }

  ending(): Ending {
    const { exitCode, signalCode } = this.child;
    if (signalCode) return { exit: `signal ${signalCode}`, output: this.last };
    return { exit: exitOf({ ExitCode: exitCode ?? 0, OOMKilled: false }), output: this.last };
  }

  /** The first process of the namespace: it builds the root, then waits for the application, and is none of its own. */
  private get first(): number | undefined {
    return descendants(this.child.pid!).find(({ parent }) => parent === this.child.pid)?.pid;
  }

  /** The application and all it started. */
  members() {
    const first = this.first;
    return first === undefined ? [] : descendants(first);
  }

  /** with what keeps the namespaces */
  all(): number[] {
    const { pid } = this.child;
    return pid === undefined ? [] : [pid, ...descendants(pid).map((one) => one.pid)];
  }

  ask(signal: number): void {
    const first = this.first;
    for (const { pid, parent } of this.members()) if (parent === first) send(pid, signal);
  }

  /** to the application and all it started */
  signal(signal: NodeJS.Signals): void {
    for (const { pid } of this.members()) send(pid, signal);
  }

  kill(): void {
    const first = this.first;
    // With its first process everything in a namespace dies, and unshare ends only after that.
    if (first === undefined) this.child.kill('SIGKILL');
    else send(first, 'SIGKILL');
  }

  /** Kills what is left and returns when nothing is. */
  async end(): Promise<void> {
    const deadline = performance.now() + forcedMs;
    const left = () => processes().filter(({ words }) => words.includes(this.name));
    for (this.kill(); !(await this.goneWithin(50)) || left().length > 0; this.kill()) {
      if (performance.now() > deadline) throw new TareError({ code: 'not-stopped', what: this.name });
      if (this.isGone) await sleep(5);
    }
  }

  async goneWithin(ms: number): Promise<boolean> {
    if (this.isGone) return true;
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
    const isGone = await Promise.race([this.gone.then(() => true), waited]);
    clearTimeout(timer);
    return isGone;
  }
}

function send(pid: number, signal: NodeJS.Signals | number): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended just now
  }
}

function instanceOf(plain: PlainProcess, { image, place }: Launch): Instance {
  const { port, stopSignal, bytes: imageBytes } = image;
  let stopping: Promise<'polite' | 'forced' | 'by-itself'> | undefined;
  return {
    host: '127.0.0.1',
    port,
    ended: new Promise((resolve) => {
      void plain.gone.then(() => {
        if (!stopping) resolve(plain.ending());
      });
    }),
    read() {
      const members = plain.members();
      const counters: Reading = {
        residentBytes: familyResidentBytes(members),
        cpuMs: familyCpuMs(members),
      };
      return Promise.resolve(members.length > 0 ? counters : {});
    },
    cpuMs() {
      const members = plain.members();
      return Promise.resolve(members.length > 0 ? familyCpuMs(members) : undefined);
    },
    measure: () => plainMemory(plain.members().map(({ pid }) => pid)),
    disk: () => Promise.resolve({ imageBytes }),
    output: () => Promise.resolve(plain.text()),
    freezing: {
      pause: () => Promise.resolve(plain.signal('SIGSTOP')),
      unpause: () => Promise.resolve(plain.signal('SIGCONT')),
    },
    stop: () => (stopping ??= stop(plain, signalNumber(stopSignal ?? 'SIGTERM'))),
    remains: () =>
      Promise.resolve({
        memory: memoryLeft(plain.all()),
        // All that it can write lies in what is mounted there, and that is gone with its namespace.
        disk: () => Promise.resolve(attempted(() => bytesBelow(place))),
      }),
    async [Symbol.asyncDispose]() {
      stopping ??= Promise.resolve('forced' as const);
      await plain.end();
    },
  };
}

async function stop(plain: PlainProcess, signal: number): Promise<'polite' | 'forced' | 'by-itself'> {
  if (plain.hasEnded) return 'by-itself';
  plain.ask(signal);
  const how = (await plain.goneWithin(politeMs)) ? 'polite' : 'forced';
  await plain.end();
  return how;
}

/** No limit holds a plain process, so nothing is reserved for it. */
async function plainMemory(pids: number[]): Promise<TrialMemory> {
  const shares = await sharesOfAll(pids);
  const missing: Missing[] = [{ what: 'limit', reason: 'not-enforced' }];
  if ('reason' in shares)
    return { parts: [], missing: [...missing, { what: 'workload', reason: shares.reason }] };
  const { pssBytes: bytes } = shares;
  return {
    hostBytes: bytes,
    pssBytes: bytes,
    ...sharing(shares),
    parts: [{ part: 'workload', bytes }],
    missing,
  };
}
