/** A container of ours on the engine's machine, which reads there what Tare reads here, and does nothing else. */
import type Docker from 'dockerode';
import type { Duplex } from 'node:stream';
import { PassThrough, Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { DockerClient } from '../docker/client';
import { objectsOf } from '../docker/ndjson';
import { createOwned, removeImage, type OwnedContainer } from '../docker/owned';
import { asking, refusal } from '../docker/refusal';
import { chargedTo, cpuMs, locateCgroup, openingIn, type Cgroup } from '../process/cgroup';
import type { HostFiles, ReadableMachine } from '../process/hostFiles';
import { sessionLabel, type Ledger } from '../process/ledger';
import { AnswerParser, requestLine, type Answer, type Request } from './protocol';
import { lookThrough } from './remoteFiles';

/** What the reader itself takes there, of no container's account. */
export interface ReaderCost {
  hostBytes?: number;
  cpuMs?: number;
}

export interface Reader extends ReadableMachine, AsyncDisposable {
  /** the full id of its container */
  readonly id: string;
  cost(): Promise<ReaderCost>;
}

export interface ReaderOrder {
  client: Pick<DockerClient, 'docker'>;
  /** the static program, for the engine's processor */
  program: Buffer;
  ledger: Ledger;
  signal: AbortSignal;
}

/** It holds one file at a time, of 32 MiB at most (assets/reader/reader.c). */
const memoryBytes = 128 * 1024 * 1024;

/**
 * Starts a reader. It sees the processes of the engine's machine and has no network; of root's capabilities it keeps the two that
 * reading takes: what other users' processes have mapped (SYS_PTRACE), and their files in /proc that only they may read (DAC_READ_SEARCH).
 * It ends when the connection does, also when Tare is killed, and the engine then removes it.
 * @throws {TareError} `docker-refused` with the engine's reason · `docker-unreachable`; AbortError when aborted
 */
export async function startReader(order: ReaderOrder): Promise<Reader> {
  const { docker } = order.client;
  const { ledger, signal } = order;
  const image = await importProgram(order);
  try {
    const options = containerOptions(image.name, ledger.session, await accessControlOf(docker));
    const owned = await createOwned(docker, { ledger, signal }, options, 'reader');
    try {
      return await connect(docker, owned, image);
    } catch (error) {
      await owned.remove();
      throw error;
    }
  } catch (error) {
    await image.remove();
    throw error;
  }
}

interface OwnImage {
  name: string;
  remove(): Promise<void>;
}

/** Loads an image of nothing but the program into the engine; no registry knows it. */
async function importProgram({
  client: { docker },
  program,
  ledger,
  signal,
}: ReaderOrder): Promise<OwnImage> {
  signal.throwIfAborted();
  const name = ledger.name('reader-image');
  const strike = ledger.note('image', name);
  const remove = async () => {
    await removeImage(docker, name);
    strike();
  };
  const archive = pack();
  archive.entry({ name: 'reader', mode: 0o755 }, program);
  archive.finalize();
  try {
    const file = Readable.from(archive, { objectMode: false });
    const stream = (await docker.importImage(file, { repo: name })) as AsyncIterable<Buffer>;
    for await (const line of objectsOf<{ error?: string }>(stream))
      if (line.error !== undefined) throw Object.assign(new Error(line.error), { statusCode: 500 });
  } catch (error) {
    await remove().catch(() => undefined);
    throw refusal('import image', error);
  }
  return { name, remove };
}

/**
 * Access control has profiles for containers that forbid any look at processes outside of them: the reader is taken out of those,
 * where the engine says that there are some.
 */
async function accessControlOf(docker: Docker): Promise<string[]> {
  const { SecurityOptions = [] } = (await asking('info', docker.info())) as { SecurityOptions?: string[] };
  const has = (name: string) => SecurityOptions.some((option) => option.includes(`name=${name}`));
  return [...(has('apparmor') ? ['apparmor=unconfined'] : []), ...(has('selinux') ? ['label=disable'] : [])];
}

const containerOptions = (
  image: string,
  session: string,
  accessControl: string[],
): Docker.ContainerCreateOptions => {
  const HostConfig = {
    PidMode: 'host',
    CgroupnsMode: 'host', // @types/dockerode does not know it
    UsernsMode: 'host', // an engine that maps users refuses to show the host's processes to a mapped one
    NetworkMode: 'none',
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    CapAdd: ['SYS_PTRACE', 'DAC_READ_SEARCH'],
    SecurityOpt: ['no-new-privileges', ...accessControl],
    Binds: ['/sys/fs/cgroup:/sys/fs/cgroup:ro'],
    LogConfig: { Type: 'none', Config: {} }, // what it reads is nobody's log
    AutoRemove: true,
    Memory: memoryBytes,
    MemorySwap: memoryBytes,
    PidsLimit: 8,
  };
  const attached = {
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  };
  const Labels = { [sessionLabel]: session };
  return { Image: image, Entrypoint: ['/reader'], User: '0:0', Labels, ...attached, HostConfig };
};

async function connect(docker: Docker, owned: OwnedContainer, image: OwnImage): Promise<Reader> {
  const { container } = owned;
  const attached = container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
  const stream = (await asking('attach', attached)) as unknown as Duplex;
  const conversation = new Conversation(stream, docker.modem);
  const ask = (request: Request) => conversation.ask(request);
  await asking('start', container.start());
  const look: ReadableMachine['look'] = (work, usual) => lookThrough(ask, work, usual);
  await look((files) => files.read('/proc/self/cgroup'));
  return {
    id: container.id,
    look,
    cost: () => look((files) => costOf(files, container.id)),
    async [Symbol.asyncDispose]() {
      conversation.close();
      await owned.remove();
      await image.remove();
    },
  };
}

/** Requests and answers over one stream. When it breaks, all that is asked is refused. */
class Conversation {
  private readonly waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  private broken: Error | undefined;
  private complaint = '';
  private lines = '';

  constructor(
    private readonly stream: Duplex,
    modem: Docker['modem'],
  ) {
    const parser = new AnswerParser();
    const [said, complained] = [new PassThrough(), new PassThrough()];
    said.on('data', (chunk: Buffer) => {
      try {
        for (const answer of parser.push(chunk)) this.waiting.shift()?.resolve(answer);
      } catch (error) {
        this.end(error as Error);
      }
    });
    complained.on(
      'data',
      (chunk: Buffer) => (this.complaint = (this.complaint + chunk.toString()).slice(-500)),
    );
    modem.demuxStream(stream, said, complained);
    stream.on('error', (error: Error) => this.end(error));
    for (const event of ['end', 'close'])
      stream.on(event, () =>
        this.end(Object.assign(new Error(this.complaint || 'reader ended'), { code: 'EPIPE' })),
      );
    // What the client sent as its request's body, and the engine may have handed on, ends here (reader.c passes it over).
    stream.write('\n');
  }

  ask(request: Request): Promise<Answer> {
    const line = requestLine(request);
    if (line === undefined) return Promise.resolve({ error: 'EINVAL' });
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      if (this.lines === '') queueMicrotask(() => this.send());
      this.lines += line;
    });
  }

  /** What is asked together travels together. */
  private send(): void {
    this.stream.write(this.lines);
    this.lines = '';
  }

  private end(error: Error): void {
    this.broken ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.broken);
  }

  close(): void {
    this.end(Object.assign(new Error('closed'), { code: 'EBADF' }));
    this.stream.end();
    this.stream.destroy();
  }
}

function costOf(files: HostFiles, id: string): ReaderCost {
  const cgroup = locateCgroup(files.read('/proc/self/cgroup'), files.read('/proc/self/mountinfo'), id);
  if (!cgroup) return {};
  const own = ownBytesOf(cgroup, files);
  return {
    ...(own !== undefined && { hostBytes: own }),
    cpuMs: cpuMs(cgroup, openingIn(cgroup.cpu.folder, files)),
  };
}

function ownBytesOf(cgroup: Cgroup, files: HostFiles): number | undefined {
  const { anonymousBytes, sharedMemoryBytes, swapBytes = 0, kernelBytes } = chargedTo(cgroup, files);
  return kernelBytes === undefined ? undefined : anonymousBytes + sharedMemoryBytes + swapBytes + kernelBytes;
}
