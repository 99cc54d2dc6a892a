import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { runCli } from '../../main/doors/cli/cli';
import { serveCommand } from '../../main/doors/cli/commands/serve';
import type { Sink } from '../../main/doors/cli/terminal/screen';
import { fakeEngine, type EngineBehaviour, type FakeEngine } from './fakes/fakeEngine';

export interface Typed {
  code: number;
  stdout: string;
  stderr: string;
  engine: FakeEngine;
  /** whether an engine was made at all */
  used: boolean;
  /** listeners for signals that are still there afterwards */
  listening: number;
}

export interface Circumstances extends EngineBehaviour {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** what comes on standard input; it ends when the test ends it, or with the text */
  stdin?: Readable | string;
  /** both streams are a terminal of this width */
  columns?: number;
  /** called once the command runs: sends signals, and may look at what was written so far */
  meanwhile?: (
    signals: EventEmitter,
    engine: FakeEngine,
    written: { readonly stdout: string; readonly stderr: string },
  ) => Promise<void>;
  /** the built page, for a command line that can serve it */
  rendererFolder?: string;
}

/** Types a command line into a whole `tare` that has a fake engine below it. */
export async function tare(words: string | string[], circumstances: Circumstances = {}): Promise<Typed> {
  const { env = {}, cwd = process.cwd(), columns, meanwhile, rendererFolder, ...more } = circumstances;
  const { stdin, ...behaviour } = more;
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr'): Sink => ({
    write: (text) => (written[name] += typeof text === 'string' ? text : Buffer.from(text).toString()),
    ...(columns !== undefined && { isTTY: true, columns }),
  });
  const engine = fakeEngine(behaviour);
  const signals = new EventEmitter();
  let used = false;
  const argv = typeof words === 'string' ? words.split(' ').filter(Boolean) : words;
  const around = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env,
    cwd,
    assetsFolder: 'assets',
    signals,
    ...(stdin !== undefined && { stdin: () => (typeof stdin === 'string' ? Readable.from([stdin]) : stdin) }),
  };
  const createEngine = () => {
    used = true;
    return engine;
  };
  const further = rendererFolder === undefined ? [] : [serveCommand(rendererFolder)];
  const running = runCli(argv, { ...around, createEngine }, further);
  await meanwhile?.(signals, engine, written);
  const code = await running;
  const listening = signals.eventNames().length;
  return { code, ...written, engine, used, listening };
}
