/** One image's command as a plain process of the host: watched, asked to end, ended by force, and looked for afterwards. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { TareError } from '../../../base/errors';
import { markReader, type GuestMark } from '../../../images/guest/protocol';
import { accessDenied } from '../../../base/process/accessControl';
import { notStarted, programFailed } from '../../../base/process/child';
import { exitText } from '../../../base/process/exit';
import { descendants, descendantsNow } from '../../../base/process/family';
import type { OwnCgroup } from '../../../base/process/ownCgroup';
import { processes } from '../../../base/process/proc';
import { settlesWithin, sleep } from '../../../base/signals';
import type { Ending, Mark } from '../target';
import { descriptors } from './launch';
import type { Output } from './output';

const forcedMs = 5000;

/** One process tree in namespaces of its own. */
export class PlainProcess {
  readonly child: ChildProcess;
  /** the namespaces have no process left; never rejects */
  readonly gone: Promise<void>;
  isGone = false;
  private last = '';
  private spawnError?: Error;

  /** @param order  what is started and where, and what it gets beside the usual descriptors and its marks */
  constructor(
    { words, tree, handed }: { words: string[]; tree: string; handed: (number | undefined)[] },
    private readonly name: string,
    private readonly output: Output,
    /** counts the application and all it starts */
    readonly group?: OwnCgroup,
  ) {
    const [program, ...args] = words as [string, ...string[]];
    const { descriptor } = output;
    const { PATH } = process.env; // nothing else: what runs under this user's name there is an image's
    this.child = spawn(program, args, {
      cwd: tree,
      env: { PATH },
      detached: true, // a session of its own: Ctrl-C in the terminal must reach Tare alone, which then stops it in order
      stdio: ['ignore', descriptor, descriptor, 'pipe', ...handed.map((one) => one ?? ('ignore' as const))],
    });
    this.gone = new Promise<void>((resolve) => {
      this.child.on('close', () => resolve());
      this.child.on('error', (error) => {
        this.spawnError = error;
        resolve();
      });
    }).then(() => {
      this.last = this.output.text();
      this.output.close();
      this.isGone = true;
    });
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
      (this.child.stdio[descriptors.marks] as Readable)
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
    return { exit: exitText(exitCode ?? 0), output: this.last };
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

  /** The same as cheaply as it can be told, for readings that are made over and over. */
  membersNow(): number[] {
    const [, ...members] = this.child.pid === undefined ? [] : descendantsNow(this.child.pid); // after the first
    return members;
  }

  /** where the folder lies, in the first process's eyes, that holds what was written; undefined when it has ended */
  get upper(): string | undefined {
    return this.first === undefined ? undefined : `/proc/${this.first}/cwd/upper`;
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
      const leftMs = deadline - performance.now();
      if (leftMs < 0) throw new TareError({ code: 'not-stopped', what: this.name });
      // one that was stopped from outside (SIGSTOP) does not even notice that its namespace has ended
      if (leftMs < forcedMs / 2) this.child.kill('SIGKILL');
      if (this.isGone) await sleep(5);
    }
    await this.group?.remove();
  }

  goneWithin(ms: number): Promise<boolean> {
    return settlesWithin(this.gone, ms);
  }
}

function send(pid: number, signal: NodeJS.Signals | number): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended just now
  }
}
