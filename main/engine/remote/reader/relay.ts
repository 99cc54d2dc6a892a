/**
 * Reaches the ports that containers publish on the loopback interface of the engine's machine, through the engine's own connection:
 * nothing there has to listen to the network. A container of ours leads the bytes.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Relay, Way } from '../../base/process/hostFiles';
import { startAttached, type OwnImage, type Owner } from './attached';
import { beginning, encodeFrame, FrameParser, mostContentBytes, type Frame } from './frames';

const memoryBytes = 64 * 1024 * 1024;
/**
 * As many may be on their way to be opened. Who asks whether an application is ready asks hundreds of times a second, which a slow way cannot
 * bear: they would queue up there, and none be answered before it is given up.
 */
const mostOpening = 4;

/**
 * Starts a relay in the network of the engine's machine, as a user without any rights.
 * @param image  with the program `relay`
 * @throws {TareError} `docker-refused` with the engine's reason · `docker-unreachable`; AbortError when aborted
 */
export async function startRelay(image: OwnImage, owner: Owner): Promise<Relay & AsyncDisposable> {
  const what = { program: 'relay', user: '65534:65534', image, memoryBytes };
  const attached = await startAttached(what, { NetworkMode: 'host' }, owner);
  const relay = new RelayStream(attached.stream, attached.said);
  return {
    open: (port) => relay.open(port),
    [Symbol.asyncDispose]: () => attached[Symbol.asyncDispose](),
  };
}

/** @param stream  the relay's standard input @param said  its standard output */
class RelayStream implements Relay {
  private readonly sockets = new Map<number, net.Socket>();
  /** connections that the relay has not answered yet */
  private readonly opening = new Set<number>();
  /** what begins those that wait for their turn, the first first */
  private readonly waiting = new Set<() => void>();
  private count = 0;

  constructor(
    private readonly stream: Duplex,
    said: NodeJS.ReadableStream,
  ) {
    const parser = new FrameParser();
    said.on('data', (chunk: Buffer) => parser.push(chunk).forEach((frame) => this.take(frame)));
    stream.on('close', () => this.sockets.forEach((socket) => socket.destroy()));
    stream.on('error', () => undefined); // its end is what counts
    stream.write(beginning);
  }

  async open(port: number): Promise<Way> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      this.wait(socket, port);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    let closed: Promise<unknown> | undefined;
    const close = () => {
      const told = once(server, 'close');
      server.close();
      sockets.forEach((socket) => socket.destroy());
      return told;
    };
    return {
      port: (server.address() as net.AddressInfo).port,
      async [Symbol.asyncDispose]() {
        await (closed ??= close());
      },
    };
  }

  /** Whoever ends before its turn has given up. */
  private wait(socket: net.Socket, port: number): void {
    const said: Buffer[] = [];
    const keep = (chunk: Buffer) => void said.push(chunk);
    const leave = () => {
      this.waiting.delete(begin);
      socket.destroy();
    };
    const begin = () => {
      socket.off('data', keep).off('end', leave).off('error', leave).off('close', leave);
      this.lead(socket, port, said);
    };
    socket.on('data', keep).on('end', leave).on('error', leave).on('close', leave);
    this.waiting.add(begin);
    this.next();
  }

  private next(): void {
    for (const begin of this.waiting) {
      if (this.opening.size >= mostOpening) return;
      this.waiting.delete(begin);
      begin();
    }
  }

  private settle(number: number): void {
    if (this.opening.delete(number)) this.next();
  }

  private lead(socket: net.Socket, port: number, said: Buffer[]): void {
    const number = ++this.count;
    const send = (kind: Frame['kind'], content?: Buffer) => {
      if (this.stream.writable && !this.stream.write(encodeFrame(number, kind, content))) {
        socket.pause();
        this.stream.once('drain', () => socket.resume());
      }
    };
    this.sockets.set(number, socket);
    const place = Buffer.alloc(2);
    place.writeUInt16BE(port);
    this.opening.add(number);
    send('o', place);
    const hand = (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; at += mostContentBytes)
        send('d', chunk.subarray(at, at + mostContentBytes));
    };
    said.forEach(hand);
    socket.on('data', hand);
    socket.on('end', () => send('e'));
    socket.on('error', () => undefined); // told by its close
    socket.on('close', () => {
      if (this.sockets.delete(number)) send('r');
    });
    if (!this.stream.writable) socket.destroy();
  }

  private take({ number, kind, content }: Frame): void {
    if (kind === 'o' || kind === 'r') this.settle(number);
    const socket = this.sockets.get(number);
    if (!socket) return; // closed here meanwhile
    if (kind === 'd') socket.write(content);
    else if (kind === 'e') socket.end();
    else if (kind === 'r') {
      this.sockets.delete(number);
      socket.destroy();
    }
  }
}
