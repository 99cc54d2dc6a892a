/** One of several applications in a machine: started, asked and stopped by the guest's first program, which its number is told. */
import { TareError } from '../../../../base/errors';
import { OutputTail, type GuestMark } from '../../../../images/guest/protocol';
import { settlesWithin } from '../../../../base/signals';
import type { TrialMemory } from '../../../../../contract/run/run';
import type { Ending, Mark } from '../../target';
import type { Machine } from '../machine/machine';
import { MemoryQuestions, type GuestMemory } from '../machine/questions';

/** How long the guest may take to answer a question, and until nothing of an application is left. */
const answerMs = 1000;
const goneMs = 5000;

/** What the guest charges to an application's control group, by the names of `N meminfo`. */
type Charges = GuestMemory;

export class Application {
  /** it has ended, or its machine has; never rejects */
  readonly over: Promise<void>;
  private readonly tail = new OutputTail();
  private readonly questions: MemoryQuestions;
  private exit?: string;
  private stopping = false;
  private onMark: (mark: GuestMark, atMs: number) => void = () => undefined;
  private end: () => void = () => undefined;

  /** @param place  among the machine's applications: what the guest knows it by */
  constructor(
    private readonly place: number,
    private readonly machine: Machine,
  ) {
    this.questions = new MemoryQuestions(() => machine.tell(`${place} meminfo`), answerMs);
    const exited = new Promise<void>((resolve) => (this.end = resolve));
    this.over = Promise.race([exited, machine.gone]);
  }

  hear(mark: GuestMark, atMs: number): void {
    if (mark.kind === 'meminfo') this.questions.answered(mark.bytes);
    if (mark.kind === 'exit') {
      this.exit = mark.exit;
      this.end();
    }
    this.onMark(mark, atMs);
  }

  print(line: string): void {
    this.tail.push(Buffer.from(`${line}\n`));
  }

  output(): string {
    return this.tail.text();
  }

  /**
   * Resolves when it has been executed.
   * @throws {TareError} `guest-refused` with the guest's reason · `ended-early` when the machine ends; the signal's reason when aborted
   */
  async start(mark: Mark, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    let giveUp: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        giveUp = () => reject(signal.reason as Error);
        signal.addEventListener('abort', giveUp, { once: true });
        this.onMark = (guest, atMs) => {
          if (guest.kind === 'network' || guest.kind === 'exec') mark(guest.kind, atMs);
          if (guest.kind === 'exec') resolve();
          if (guest.kind !== 'refused') return;
          const reason = `${guest.reason}: ${guest.text}`;
          reject(new TareError({ code: 'guest-refused', reason, output: this.output() }));
        };
        void this.over.then(() => reject(new TareError({ code: 'ended-early', ...this.ending() })));
        this.machine.tell(`${this.place} start`);
      });
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.onMark = () => undefined;
    }
  }

  /** see Instance.ended */
  get ended(): Promise<Ending> {
    return new Promise((resolve) => {
      void this.over.then(() => {
        if (!this.stopping) resolve(this.ending());
      });
    });
  }

  private ending(): Ending {
    return { exit: this.exit ?? 'QEMU ended', output: this.output() || this.machine.output() };
  }

  /** @throws {TareError} `program-failed` when the guest does not answer in time */
  charges(): Promise<Charges> {
    return this.questions.ask();
  }

  /** @throws {TareError} `not-stopped`: only its machine's end is its own then */
  async stop(): Promise<'polite' | 'by-itself'> {
    if (this.exit !== undefined) return 'by-itself';
    this.stopping = true;
    this.machine.tell(`${this.place} poweroff`);
    if (!(await settlesWithin(this.over, goneMs)))
      throw new TareError({ code: 'not-stopped', what: `application ${this.place}` });
    return 'polite';
  }
}

/**
 * Pure: an application's memory by the guest's account: all that its control group is charged with, the page cache of its files too, as
 * the host cannot drop that. It is no own memory: ending this application gives the host nothing back.
 */
export function applicationMemory(charges: Charges | undefined, reservedBytes: number): TrialMemory {
  const { Anon, File, Shmem, Kernel } = charges ?? {};
  if (Anon === undefined || File === undefined || Shmem === undefined || Kernel === undefined)
    return {
      reservedBytes,
      parts: [],
      missing: [{ what: 'guest', reason: 'the-guest-did-not-answer' }],
    };
  const guestUsedBytes = Anon + File + Kernel; // tmpfs and shared memory are part of File there
  return {
    reservedBytes,
    guestUsedBytes,
    inside: [
      { part: 'guest-application', bytes: Anon + Shmem },
      { part: 'guest-cache', bytes: Math.max(0, File - Shmem) },
      { part: 'guest-kernel', bytes: Kernel },
    ],
    parts: [],
    missing: [],
  };
}
