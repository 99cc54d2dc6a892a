import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Locale } from '../../contract/appearance';
import type { Leftover } from '../../contract/machine';
import type { DoorName } from '../../contract/work/work';
import type { Engine, EngineOptions } from '../../engine/engine';
import { leavingMs } from '../limits';
import { localeOf } from './locale';
import { Screen, type Sink } from './terminal/screen';

/** Everything outside the program that the command line touches; a test brings its own. */
export interface Terminal {
  stdout: Sink;
  stderr: Sink;
  env: NodeJS.ProcessEnv;
  cwd: string;
  assetsFolder: string;
  /** opens standard input, which is left alone until then; absent where there is none */
  stdin?: () => Readable;
  /** where SIGINT, SIGTERM and SIGHUP are heard: a process */
  signals: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  createEngine: (options: EngineOptions) => Engine;
  /** puts a question to the person at the terminal, whose answer is yes or anything else; absent where nobody sits there */
  ask?: (question: string) => Promise<boolean>;
}

/** Exit code after SIGINT or SIGTERM. */
export const interruptedExit = 130;

const signalNames = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What every command works with: two screens, the engine (made when first asked for) and what a signal does. */
export class Door {
  readonly locale: Locale;
  readonly out: Screen;
  readonly err: Screen;
  dataFolder: string | undefined;
  accelerator: string | undefined;
  engineReader: 'never' | undefined;
  quiet = false;
  /** what people use to reach the engine: a command may open another than the terminal's */
  name: DoorName = 'terminal';
  exitCode = 0;
  /** resolves when a signal asks to leave now, without waiting for the command */
  readonly leave: Promise<void>;
  private engineMade: Engine | undefined;
  private stop: (() => Promise<unknown>) | undefined;
  private signalCount = 0;
  private readonly leaveNow: () => void;
  private readonly hurry = new AbortController();

  constructor(
    argv: readonly string[],
    readonly terminal: Terminal,
  ) {
    this.locale = localeOf(argv, terminal.env);
    this.out = new Screen(terminal.stdout, this.locale, terminal.env);
    this.err = new Screen(terminal.stderr, this.locale, terminal.env);
    let resolveLeave = () => {};
    this.leave = new Promise((resolve) => (resolveLeave = resolve));
    this.leaveNow = resolveLeave;
    for (const name of signalNames) terminal.signals.on(name, this.onSignal);
  }

  /** True once a signal came. */
  get interrupted(): boolean {
    return this.signalCount > 0;
  }

  /** The engine, made when it is first asked for: help and usage errors need none. */
  engine(): Engine {
    const { assetsFolder, cwd } = this.terminal;
    const { dataFolder, accelerator, engineReader } = this;
    return (this.engineMade ??= this.terminal.createEngine({
      door: this.name,
      assetsFolder,
      ...(dataFolder !== undefined && { dataFolder: path.resolve(cwd, dataFolder) }),
      ...(accelerator !== undefined && { accelerator }),
      ...(engineReader !== undefined && { engineReader }),
    }));
  }

  /** From now on the first signal does `stop`, and the command goes on to tell what was kept. Without this it leaves at once. */
  onFirstSignal(stop: () => Promise<unknown>): void {
    this.stop = stop;
  }

  private readonly onSignal = (): void => {
    this.signalCount += 1;
    if (this.signalCount === 2) this.hurryUp();
    if (this.signalCount > 1 || !this.stop) this.leaveNow();
    else this.stop().catch(this.leaveNow); // what cannot be stopped politely is cleared up by closing the engine
  };

  private hurryUp(): void {
    const { err } = this;
    const { muted } = err;
    err.muted = false; // also while a command that was left behind may say nothing any more
    err.line(`${err.tone('warn', '!')} ${err.say('cli.leaving', { limitMs: { ms: leavingMs } })}`);
    err.muted = muted;
    setTimeout(() => this.hurry.abort(), leavingMs).unref();
  }

  /**
   * Removes what the engine still holds: until that is over, unless a second signal comes, which leaves it a few seconds.
   * @returns what is still there, or may be
   */
  async close(): Promise<Leftover[]> {
    try {
      return (await this.engineMade?.close(this.hurry.signal)) ?? [];
    } finally {
      for (const name of signalNames) this.terminal.signals.off(name, this.onSignal);
    }
  }
}
