/** One QEMU process and what its guest says: spawned, watched, stopped politely, then by force, then checked. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { TareError } from '../../errors';
import { missingTool } from '../../process/child';
import type { Ledger } from '../../process/ledger';
import type { Ending, Mark } from '../target';
import { agentDescriptor, controlDescriptor, outputDescriptor } from './arguments';
import { markReader, OutputTail, type GuestMark } from './guest';
import { openQmp, type Qmp } from './qmp';

export interface MachineOrder {
  /** program and arguments, made for `inherited` wires */
  words: string[];
  /** in the command line of the process: how a sweep recognises it */
  name: string;
  ledger: Ledger;
  mark: Mark;
  signal: AbortSignal;
}

export interface Machine {
  readonly pid: number;
  /** see Instance.ended */
  readonly ended: Promise<Ending>;
  /** the last of what the application printed */
  output(): string;
  /**
   * The guest's own books, in bytes by the names of /proc/meminfo.
   * @throws {TareError} `program-failed` when the guest does not answer within `timeoutMs`
   */
  memory(timeoutMs?: number): Promise<Record<string, number>>;
  /** @throws {TareError} `not-stopped` */
  stop(): Promise<'polite' | 'forced' | 'by-itself'>;
  /** no politeness; resolves when the process is gone */
  kill(): Promise<void>;
}

/** QEMU could not listen: somebody was quicker. Try another port. */
export class PortTaken extends Error {}

const politeMs = 1000;
const forcedMs = 5000;

/**
 * Boots and resolves when the guest has executed the application.
 * @throws {TareError} `guest-refused` with the guest's reason · `program-failed` when QEMU itself ends · `tool-missing`;
 *   {@link PortTaken}; the signal's reason when aborted. Whatever is thrown, the process is gone by then.
 */
export async function bootMachine(order: MachineOrder): Promise<Machine> {
  const { signal, mark } = order;
  signal.throwIfAborted();
  const strike = order.ledger.note('process', order.name);
  const process = new QemuProcess(order.words);
  void process.gone.then(strike);
  const abort = () => process.kill();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const spawnedAtMs = performance.now();
    const greeted = process.greeted.then(({ greetedAtMs }) => {
      mark('spawned', spawnedAtMs); // only now: a QEMU that finds its port taken ends before it greets, and is no phase
      mark('qemu-ready', greetedAtMs);
    });
    greeted.catch(() => undefined); // `gone` tells why
    await executed(process, mark);
    return machineOf(process);
  } catch (error) {
    process.kill();
    await gone(process, forcedMs, true);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Waits for the guest's `exec` mark. */
function executed(qemu: QemuProcess, mark: Mark): Promise<void> {
  return new Promise((resolve, reject) => {
    qemu.onMark = (guest, atMs) => {
      if (guest.kind === 'init' || guest.kind === 'network' || guest.kind === 'exec') mark(guest.kind, atMs);
      if (guest.kind === 'exec') resolve();
      if (guest.kind === 'refused') {
        const reason = `${guest.reason}: ${guest.text}`;
        reject(new TareError({ code: 'guest-refused', reason, output: qemu.output() }));
      }
    };
    void qemu.gone.then(() => reject(qemu.whyNotBooted()));
  });
}

class QemuProcess {
  readonly child: ChildProcess;
  /** the process has ended and all it said was read; never rejects */
  readonly gone: Promise<void>;
  readonly greeted: Promise<Qmp>;
  onMark: (mark: GuestMark, atMs: number) => void = () => undefined;
  /** how the application ended, from the guest */
  applicationExit?: string;
  isGone = false;
  private readonly tail = new OutputTail();
  private complaints = '';
  private spawnError?: NodeJS.ErrnoException;
  private readonly agent: Duplex;

  constructor(private readonly words: string[]) {
    const [program, ...args] = words as [string, ...string[]];
    // A session of its own: Ctrl-C in the terminal must reach Tare alone, which then stops its machines in order.
    this.child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    const wire = (descriptor: number) => {
      const stream = this.child.stdio[descriptor] as Duplex;
      return stream.on('error', () => undefined); // a dead QEMU resets its sockets; `gone` tells
    };
    this.greeted = openQmp(wire(controlDescriptor));
    this.greeted.catch(() => undefined);
    wire(outputDescriptor).on('data', (chunk: Buffer) => this.tail.push(chunk));
    this.agent = wire(agentDescriptor);
    const read = markReader();
    this.agent.on('data', (chunk: Buffer) => {
      const atMs = performance.now();
      for (const mark of read(chunk)) this.hear(mark, atMs);
    });
    this.child.stderr!.on(
      'data',
      (chunk: Buffer) => (this.complaints = (this.complaints + chunk.toString()).slice(-16_384)),
    );
    this.gone = new Promise<void>((resolve) => {
      this.child.on('close', () => resolve());
      this.child.on('error', (error) => {
        this.spawnError = error;
        resolve();
      });
    }).then(() => void (this.isGone = true));
  }

  private hear(mark: GuestMark, atMs: number): void {
    if (mark.kind === 'exit') {
      this.applicationExit = mark.exit;
      const overdue = setTimeout(() => this.kill(), politeMs); // the guest restarts now, which ends QEMU
      void this.gone.then(() => clearTimeout(overdue));
    }
    this.onMark(mark, atMs);
  }

  say(command: string): void {
    this.agent.write(command + '\n');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  output(): string {
    return [this.tail.text(), this.complaints.trim()].filter(Boolean).join('\n');
  }

  private exit(): string {
    const { exitCode, signalCode } = this.child;
    return signalCode ? `signal ${signalCode}` : `exit ${exitCode ?? '?'}`;
  }

  ending(): Ending {
    return { exit: this.applicationExit ?? `QEMU: ${this.exit()}`, output: this.output() };
  }

  whyNotBooted(): Error {
    if (this.spawnError)
      return this.spawnError.code === 'ENOENT' ? missingTool(this.words[0]!) : this.spawnError;
    if (/could not set up host forwarding/i.test(this.complaints)) return new PortTaken(this.complaints);
    const output = this.output();
    if (this.child.exitCode === 0) return new TareError({ code: 'guest-refused', reason: 'no-boot', output });
    return new TareError({ code: 'program-failed', program: 'QEMU', exit: this.exit(), output });
  }
}

function machineOf(qemu: QemuProcess): Machine {
  let stopping: Promise<'polite' | 'forced' | 'by-itself'> | undefined;
  const asking: ((bytes: Record<string, number>) => void)[] = [];
  qemu.onMark = (mark) => {
    if (mark.kind === 'meminfo') asking.shift()?.(mark.bytes);
  };
  return {
    pid: qemu.child.pid!,
    ended: new Promise((resolve) => {
      void qemu.gone.then(() => {
        if (!stopping) resolve(qemu.ending());
      });
    }),
    output: () => qemu.output(),
    memory(timeoutMs = 1000) {
      return new Promise((resolve, reject) => {
        const late = () =>
          reject(
            new TareError({ code: 'program-failed', program: 'guest agent', exit: 'no answer', output: '' }),
          );
        const timer = setTimeout(late, timeoutMs);
        asking.push((bytes) => {
          clearTimeout(timer);
          resolve(bytes);
        });
        qemu.say('meminfo');
      });
    },
    stop: () => (stopping ??= stop(qemu)),
    async kill() {
      if (!qemu.isGone) stopping ??= Promise.resolve('forced' as const);
      qemu.kill();
      await gone(qemu, forcedMs, true);
    },
  };
}

async function stop(qemu: QemuProcess): Promise<'polite' | 'forced' | 'by-itself'> {
  if (qemu.isGone || qemu.applicationExit) {
    await gone(qemu, forcedMs, true);
    return 'by-itself';
  }
  qemu.say('poweroff');
  if (await gone(qemu, politeMs)) return 'polite';
  const quit = qemu.greeted.then((qmp) => qmp.execute('quit', undefined, politeMs));
  quit.catch(() => undefined); // it may also close the socket without an answer
  if (await gone(qemu, politeMs)) return 'forced';
  qemu.kill();
  await gone(qemu, forcedMs, true);
  return 'forced';
}

/** Whether the process is gone within `ms`. */
async function gone(qemu: QemuProcess, ms: number, mustBe = false): Promise<boolean> {
  if (qemu.isGone) return true;
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const isGone = await Promise.race([qemu.gone.then(() => true), waited]);
  clearTimeout(timer);
  if (!isGone && mustBe) throw new TareError({ code: 'not-stopped', what: `QEMU ${qemu.child.pid}` });
  return isGone;
}
