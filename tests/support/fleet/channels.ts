/** Ways to agents that are no programs: one behind a real engine's door, and those that say whatever a test wants. */
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { agentGreeting, agentProtocol } from '../../../main/contract/fleet/agent';
import type { Engine } from '../../../main/engine/engine';
import type { Channel, Gone, Way } from '../../../main/engine/remote/fleet/channel';
import { FrameReader, textFrame } from '../../../main/engine/remote/fleet/frames';
import { serveAgent } from '../../../main/doors/agent/agent';

/** What stands at the host's end of a way. */
export interface Far {
  /** what Tare says */
  heard: Readable;
  /** what Tare is to hear */
  says: Writable;
  /** ends the program that leads there, as a kill or a cut does */
  gone: (gone: Partial<Gone>) => void;
}

/** A way at whose end stands `be`, for each connection anew. */
export function wayTo(be: (far: Far) => void): Way {
  return {
    explain: () => undefined,
    open(): Channel {
      const [input, output] = [new PassThrough(), new PassThrough()];
      let leave: (gone: Gone) => void = () => undefined;
      const gone = new Promise<Gone>((resolve) => (leave = resolve));
      const end = (how: Partial<Gone>) => {
        leave({ exit: 'exit 0', output: '', ...how });
        if (!output.destroyed) output.end();
        input.destroy();
      };
      output.once('end', () => end({}));
      be({ heard: input, says: output, gone: end });
      return {
        input,
        output,
        gone,
        async close() {
          input.end();
          end({});
          await gone;
        },
      };
    },
  };
}

/** A way to the agent's own door, with this engine behind it. */
export const wayToEngine = (engine: Engine, version = '0.0.0-test'): Way =>
  wayTo(({ heard, says, gone }) => {
    const stop = new AbortController();
    void serveAgent(engine, { input: heard, output: says, about: { version }, stop: stop.signal }).then(() =>
      gone({}),
    );
  });

/** An agent out of a script: it greets, and does with each message of Tare what a test says. */
export const scripted = (
  answer: (message: { id: number; call?: string; file?: string; input?: unknown }, say: Say) => void,
  greeting: object = { hello: { protocol: agentProtocol, version: '9.9.9' } },
): Way =>
  wayTo((far) => {
    const frame = (message: object) => void far.says.write(textFrame(message)!);
    const say: Say = Object.assign(frame, { bytes: (bytes: Buffer) => void far.says.write(bytes), ...far });
    far.says.write(agentGreeting);
    frame(greeting);
    const reader = new FrameReader(true);
    far.heard.on('data', (chunk: Buffer) =>
      reader.push(chunk, (one) => {
        const message = one.kind === 'text' ? (JSON.parse(one.text) as { id?: number }) : {};
        if (message.id !== undefined) answer(message as { id: number }, say);
      }),
    );
    far.heard.on('end', () => far.gone({}));
  });

/** What a script can do beside saying a message. */
export type Say = ((message: object) => void) & { bytes: (bytes: Buffer) => void } & Far;
