/** A container of ours on the engine's machine, which reads there what Tare reads here, and does nothing else. */
import { informationOf } from '../../base/docker/information';
import { chargedTo, cpuMs, locateCgroup, openingIn, type Cgroup } from '../../base/process/cgroup';
import type { HostFiles, ReadableMachine } from '../../base/process/hostFiles';
import { startAttached, type Attached, type OwnImage, type Owner } from './attached';
import { AnswerParser, requestLine, type Answer, type Request } from './protocol';
import { lookThrough } from './remoteFiles';

/** What the reader itself takes there, which is of no container's account. */
interface ReaderCost {
  hostBytes?: number;
  cpuMs?: number;
}

export interface Reader extends ReadableMachine, AsyncDisposable {
  /** the full id of its container */
  readonly id: string;
  cost(): Promise<ReaderCost>;
}

/** It holds one file at a time, of 32 MiB at most (assets/reader/reader.c). */
const memoryBytes = 128 * 1024 * 1024;

/**
 * Starts a reader. It sees the processes of the engine's machine and has no network; of root's capabilities it has the two that
 * reading takes: what other users' processes have mapped (SYS_PTRACE), and their files in /proc that only they may read (DAC_READ_SEARCH).
 * @param image  with the program `reader`
 * @throws {TareError} `docker-refused` with the engine's reason · `docker-unreachable`; AbortError when aborted
 */
export async function startReader(image: OwnImage, owner: Owner): Promise<Reader> {
  const host = {
    PidMode: 'host',
    CgroupnsMode: 'host', // @types/dockerode does not know it
    UsernsMode: 'host', // an engine that maps users refuses to show the host's processes to a mapped one
    NetworkMode: 'none',
    CapAdd: ['SYS_PTRACE', 'DAC_READ_SEARCH'],
    SecurityOpt: await accessControlOf(owner),
    Binds: ['/sys/fs/cgroup:/sys/fs/cgroup:ro'],
  };
  const attached = await startAttached({ program: 'reader', user: '0:0', image, memoryBytes }, host, owner);
  const { id } = attached;
  const conversation = new Conversation(attached);
  const look: ReadableMachine['look'] = (work, usual) =>
    lookThrough((request) => conversation.ask(request), work, usual);
  return {
    id,
    look,
    cost: () => look((files) => costOf(files, id)),
    async [Symbol.asyncDispose]() {
      conversation.close();
      await attached[Symbol.asyncDispose]();
    },
  };
}

/**
 * Access control has profiles for containers that forbid any look at processes outside of them: the reader is taken out of those,
 * where the engine says that there are some.
 */
async function accessControlOf({ docker }: Owner): Promise<string[]> {
  const { SecurityOptions = [] } = await informationOf(docker);
  const has = (name: string) => SecurityOptions.some((option) => option.includes(`name=${name}`));
  return [...(has('apparmor') ? ['apparmor=unconfined'] : []), ...(has('selinux') ? ['label=disable'] : [])];
}

const systemError = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Requests and answers over one stream. When it breaks, all that is asked is refused. */
class Conversation {
  private readonly waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  private broken: Error | undefined;
  private lines = '';

  constructor(private readonly attached: Attached) {
    const { stream, said } = attached;
    const parser = new AnswerParser();
    said.on('data', (chunk: Buffer) => {
      try {
        for (const answer of parser.push(chunk)) this.waiting.shift()?.resolve(answer);
      } catch (error) {
        this.end(error as Error);
      }
    });
    stream.on('error', (error: Error) => this.end(error));
    for (const event of ['end', 'close'])
      stream.on(event, () => this.end(systemError('EPIPE', attached.complaint() || 'the reader has ended')));
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
    if (!this.broken) this.attached.stream.write(this.lines);
    this.lines = '';
  }

  private end(error: Error): void {
    this.broken ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.broken);
  }

  close(): void {
    this.end(systemError('EBADF', 'closed'));
  }
}

function costOf(files: HostFiles, id: string): ReaderCost {
  const cgroup = locateCgroup(files.read('/proc/self/cgroup'), files.read('/proc/self/mountinfo'), id);
  if (!cgroup) return {};
  const hostBytes = ownBytesOf(cgroup, files);
  return {
    ...(hostBytes !== undefined && { hostBytes }),
    cpuMs: cpuMs(cgroup, openingIn(cgroup.cpu.folder, files)),
  };
}

function ownBytesOf(cgroup: Cgroup, files: HostFiles): number | undefined {
  const { anonymousBytes, sharedMemoryBytes, swapBytes = 0, kernelBytes } = chargedTo(cgroup, files);
  return kernelBytes === undefined ? undefined : anonymousBytes + sharedMemoryBytes + swapBytes + kernelBytes;
}
