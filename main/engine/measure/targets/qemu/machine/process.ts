/** One QEMU process, its control socket, and what its guest says. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { TareError } from '../../../../base/errors';
import { notStarted, programFailed } from '../../../../base/process/child';
import { settlesWithin } from '../../../../base/signals';
import type { Ending } from '../../target';
import { agentDescriptor, controlDescriptor, outputDescriptor } from '../arguments';
import { markReader, OutputTail, traceReader, type GuestMark } from '../../../../images/guest/protocol';
import { openQmp, type Qmp, type QmpEvent } from './qmp';

/** QEMU could not listen: somebody was quicker. Try another port. */
export class PortTaken extends Error {}

/** How long the guest, or QEMU, may take for what it was asked politely. */
export const politeMs = 1000;
const forcedMs = 5000;

export class QemuProcess {
  readonly child: ChildProcess;
  /** the process has ended and all it said was read; never rejects */
  readonly gone: Promise<void>;
  readonly greeted: Promise<Qmp>;
  onMark: (mark: GuestMark, atMs: number) => void = () => undefined;
  onEvent: (event: QmpEvent) => void = () => undefined;
  /** what comes over the first serial line, beside its being kept */
  onOutput: (chunk: Buffer) => void = () => undefined;
  /** how the application ended, from the guest */
  applicationExit?: string;
  isGone = false;
  /** when the firmware last asked QEMU for something, as performance.now(): once the kernel runs, the instant it was entered */
  firmwareAtMs?: number;
  private readonly tail = new OutputTail();
  private complaints = '';
  private spawnError?: NodeJS.ErrnoException;
  private readonly agent: Duplex;

  /**
   * @param words  program and arguments, made for `inherited` wires
   * @param lent   descriptors of this process that it is handed as well, in their order
   */
  constructor(
    private readonly words: string[],
    lent: readonly number[],
  ) {
    const [program, ...args] = words as [string, ...string[]];
    // A session of its own: Ctrl-C in the terminal must reach Tare alone, which then stops its machines in order.
    this.child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...lent],
    });
    const wire = (descriptor: number) => {
      const stream = this.child.stdio[descriptor] as Duplex;
      return stream.on('error', () => undefined); // a dead QEMU resets its sockets; `gone` tells
    };
    this.greeted = openQmp(wire(controlDescriptor), { onEvent: (event) => this.onEvent(event) });
    this.greeted.catch(() => undefined);
    wire(outputDescriptor).on('data', (chunk: Buffer) => {
      this.tail.push(chunk);
      this.onOutput(chunk);
    });
    this.agent = wire(agentDescriptor);
    const read = markReader();
    this.agent.on('data', (chunk: Buffer) => {
      const atMs = performance.now();
      for (const mark of read(chunk)) this.hear(mark, atMs);
    });
    const separate = traceReader();
    this.child.stderr!.on('data', (chunk: Buffer) => {
      const atMs = performance.now();
      const { requests, rest } = separate(chunk);
      if (requests > 0) this.firmwareAtMs = atMs;
      this.complaints = (this.complaints + rest).slice(-16_384);
    });
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

  /** The reason for an end before the application ran. */
  whyNotBooted(): Error {
    if (this.spawnError) return notStarted(this.words[0]!, this.spawnError);
    if (/could not set up host forwarding/i.test(this.complaints)) return new PortTaken(this.complaints);
    const output = this.output();
    if (this.child.exitCode === 0) return new TareError({ code: 'guest-refused', reason: 'no-boot', output });
    return programFailed('QEMU', this.exit(), output, this.complaints);
  }

  /** Whether the process is gone within `ms`. */
  goneWithin(ms: number): Promise<boolean> {
    return settlesWithin(this.gone, ms);
  }

  /** @throws {TareError} `not-stopped` when the process is still there after 5 s */
  async mustBeGone(): Promise<void> {
    if (!(await this.goneWithin(forcedMs)))
      throw new TareError({ code: 'not-stopped', what: `QEMU ${this.child.pid}` });
  }
}
