/** Hosts that are no programs: one that has a whole command line over a fake engine, and those that say whatever a test wants. */
import { EventEmitter } from 'node:events';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { runCli } from '../../../main/doors/cli/cli';
import type { Engine } from '../../../main/engine/engine';
import type { Channel, Gone, Way } from '../../../main/engine/remote/fleet/channel';
import { fakeRecord, healthy } from '../fakes/fakeAnswers';
import { plan, runId } from './plan';

/** What stands at the host's end of a way. */
export interface Far {
  /** of the command line that it was asked for */
  words: readonly string[];
  /** standard input there */
  heard: Readable;
  /** standard output there */
  says: Writable;
  /** says a line of a stream, or another value */
  say: (value: unknown) => void;
  /** ends the program that leads there, as a kill or a cut does */
  gone: (gone?: Partial<Gone>) => void;
}

/** A way at whose end stands `be`, for each command anew. */
export const wayTo = (be: (far: Far) => void): Way => ({
  explain: () => undefined,
  open(words): Channel {
    const [input, output] = [new PassThrough(), new PassThrough()];
    for (const stream of [input, output]) stream.on('error', () => undefined);
    let leave: (gone: Gone) => void = () => undefined;
    const gone = new Promise<Gone>((resolve) => (leave = resolve));
    const end = (how: Partial<Gone> = {}) => {
      if (!output.destroyed) output.end();
      leave({ exit: 'exit 0', output: '', ...how });
    };
    const say = (value: unknown) =>
      void (
        output.writable && output.write(typeof value === 'string' ? value : `${JSON.stringify(value)}\n`)
      );
    be({ words, heard: input, says: output, say, gone: end });
    return {
      input,
      output,
      gone,
      async close() {
        input.end();
        end();
        await gone;
      },
    };
  },
});

/** A way to the command line itself, with this engine behind it. */
export const wayToEngine = (engine: Engine): Way =>
  wayTo(({ words, heard, says, gone }) => {
    const around = { env: {}, cwd: '/', assetsFolder: 'assets', signals: new EventEmitter() };
    const streams = { stdin: () => heard, stdout: says, stderr: { write: () => undefined } };
    const createEngine = () =>
      Object.assign(Object.create(engine) as Engine, { close: () => Promise.resolve([]) });
    void runCli([...words], { ...around, ...streams, createEngine }).then((code) =>
      gone({ exit: `exit ${code}` }),
    );
  });

export const start = { kind: 'start', schemaVersion: 1, version: '9.9.9', run: runId };
export const record = { kind: 'record', run: fakeRecord(plan, runId) };

type Part = 'doctor' | 'image find' | 'image load' | 'clean' | 'delete' | 'run';
const usual: Record<Part, (far: Far) => void> = {
  doctor: answering(healthy),
  'image find': answering({ os: 'linux', architecture: 'amd64' }),
  'image load': ({ heard, say, gone }) => void heard.on('end', () => (say({}), gone())).resume(),
  clean: answering({ removed: [], kept: [] }),
  delete: ({ gone }) => gone(),
  run: ({ say, gone }) => {
    say(start);
    say(record);
    gone();
  },
};

export function answering(value: unknown): (far: Far) => void {
  return ({ say, gone }) => {
    say(value);
    gone();
  };
}

/** A host that does as a good one does, but for what is said here. */
export const hostThat = (otherwise: Partial<Record<Part, (far: Far) => void>> = {}): Way =>
  wayTo((far) => {
    const [first, second] = far.words;
    const part = (first === 'image' ? `${first} ${second}` : first) as Part;
    (otherwise[part] ?? usual[part])(far);
  });
