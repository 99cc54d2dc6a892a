/** The engine behind standard input and output: what a Tare elsewhere asks for, in frames. */
import { PassThrough, type Readable, type Writable } from 'node:stream';
import {
  agentFiles,
  agentGreeting,
  agentProtocol,
  ToAgent,
  toldFromAfar,
  versionDoubt,
  type AgentFile,
  type FileEnd,
} from '../../contract/fleet/agent';
import type { Failure } from '../../contract/failures';
import type { Engine } from '../../engine/engine';
import { TareError, toFailure } from '../../engine/base/errors';
import { drained } from '../../engine/remote/fleet/drained';
import { broken } from '../../engine/remote/fleet/frames';
import { Sum, Wire, type WireTimes } from '../../engine/remote/fleet/wire';
import { batches } from '../batches';
import { answer } from '../router';

/** Nobody looks at them more often from afar. */
const eventPeriodMs = 250;

export interface AgentParts {
  input: Readable;
  output: Writable;
  /** Tare's, and where its program lies */
  about: { version: string; program?: string };
  /** aborts: nothing more is answered */
  stop: AbortSignal;
  times?: WireTimes;
}

/**
 * Answers until the other side ends the conversation, or breaks its rules.
 * @returns why it is over; undefined where the other side has simply ended it
 */
export async function serveAgent(engine: Engine, parts: AgentParts): Promise<Failure | undefined> {
  const { output, about, stop } = parts;
  output.write(agentGreeting);
  const agent = new Agent(engine, parts);
  const { wire } = agent;
  wire.say({ hello: { protocol: agentProtocol, ...about } });
  const told = batches((events) => wire.mention({ events }), eventPeriodMs);
  const forget = engine.onEvent((event) => {
    const fit = toldFromAfar(event);
    if (fit) told.push(fit);
    else if (event.kind === 'work' && event.work.run !== undefined && event.work.answer) {
      told.flush(); // nothing is told of a run after its end
      wire.say({ over: event.work.run });
    }
  });
  const giveUp = () => wire.end({ code: 'stopped' });
  stop.addEventListener('abort', giveUp, { once: true });
  if (stop.aborted) giveUp();
  try {
    return (await wire.over).failure;
  } finally {
    stop.removeEventListener('abort', giveUp);
    forget();
    told.end();
  }
}

/** A file on its way here. */
interface Arriving {
  content: PassThrough;
  sum: Sum;
}

class Agent {
  readonly wire: Wire<ToAgent>;
  private readonly arriving = new Map<number, Arriving>();
  private isGreeted = false;

  constructor(
    private readonly engine: Engine,
    { input, output, times }: AgentParts,
  ) {
    this.wire = new Wire<ToAgent>({
      input,
      output,
      greeted: true,
      schema: ToAgent,
      hear: (message) => this.hear(message),
      hearData: (id, content) => this.hearData(id, content),
      ...(times && { times }),
    });
    void this.wire.over.then(() => {
      for (const { content } of this.arriving.values()) content.destroy(new TareError({ code: 'stopped' }));
    });
  }

  private hear(message: ToAgent): void {
    if ('hello' in message) {
      const doubt = versionDoubt(message);
      if (doubt) throw new TareError(doubt);
      this.isGreeted = true;
      return;
    }
    if (!this.isGreeted) throw broken('frames-no-message', Buffer.from(JSON.stringify(message)));
    if ('alive' in message) return;
    if ('end' in message) return this.arrived(message.id, message.end);
    const { id, input } = message;
    if ('call' in message) {
      void answer(this.engine, message.call, input).then((said) =>
        said.ok ? this.output(id, said.value) : this.fail(id, said.failure),
      );
      return;
    }
    const { file } = message;
    const moved = agentFiles[file].to === 'tare' ? this.give(id, file, input) : this.receive(id);
    moved.then(() => this.output(id)).catch((error: unknown) => this.fail(id, toFailure(error)));
  }

  private output(id: number, output?: unknown): void {
    if (!this.wire.say({ id, output }))
      this.fail(id, { code: 'frames-broken', reason: 'frames-too-large', output: '' });
  }

  private fail(id: number, failure: Failure): void {
    this.wire.say({ id, failure });
  }

  private async give(id: number, file: AgentFile, input: unknown): Promise<void> {
    await this.wire.send(id, await this.contentOf(file, input));
  }

  /** Asked by the router, so that the input is checked as any other. */
  private async contentOf(file: AgentFile, input: unknown): Promise<Iterable<Buffer>> {
    const said = await answer(this.engine, file === 'record' ? 'run' : 'samples', input);
    if (!said.ok) throw new TareError(said.failure);
    return file === 'record'
      ? [Buffer.from(JSON.stringify(said.value))]
      : linesOf(said.value as readonly unknown[]);
  }

  private async receive(id: number): Promise<void> {
    const arriving: Arriving = { content: new PassThrough(), sum: new Sum() };
    this.arriving.set(id, arriving);
    try {
      await this.engine.loadImage(arriving.content);
    } finally {
      this.arriving.delete(id); // what still comes of it is passed over
      arriving.content.destroy();
    }
  }

  private hearData(id: number, piece: Buffer): void | Promise<void> {
    const arriving = this.arriving.get(id);
    if (!arriving) return;
    const { content, sum } = arriving;
    sum.add(piece);
    if (content.write(piece)) return;
    return drained(content);
  }

  private arrived(id: number, told: FileEnd): void {
    const { content, sum } = this.arriving.get(id) ?? {};
    if (!content || !sum) return;
    const { bytes, sha256 } = sum.end();
    if (bytes === told.bytes && sha256 === told.sha256) content.end();
    else content.destroy(new TareError({ code: 'transfer-damaged', what: `SHA-256 ${told.sha256}` }));
  }
}

const linesPerPiece = 200;

function* linesOf(values: readonly unknown[]): Generator<Buffer> {
  for (let at = 0; at < values.length; at += linesPerPiece)
    yield Buffer.from(
      values
        .slice(at, at + linesPerPiece)
        .map((value) => JSON.stringify(value) + '\n')
        .join(''),
    );
}
