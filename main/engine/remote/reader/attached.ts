/** Containers of our own programs on an engine: how they are made, what all of them have, and their end. */
import type Docker from 'dockerode';
import { PassThrough, Readable, type Duplex } from 'node:stream';
import { pack } from 'tar-stream';
import { objectsOf } from '../../base/docker/ndjson';
import { createOwned, removeImage } from '../../base/docker/owned';
import { asking, refusal } from '../../base/docker/refusal';
import { lastOf } from '../../base/process/child';
import { sessionLabel } from '../../base/process/ledger';
import type { RunScope } from '../../base/scope';

/** Whose they are: `signal` gives their start up. */
export interface Owner extends Pick<RunScope, 'ledger' | 'signal'> {
  docker: Docker;
}

export interface OwnImage extends AsyncDisposable {
  readonly name: string;
}

/**
 * Loads an image of nothing but these programs into the engine; no registry knows it.
 * @param programs  by file name
 * @throws {TareError} `docker-refused` with the engine's reason · `docker-unreachable`
 */
export async function importPrograms(
  programs: Record<string, Buffer>,
  { docker, ledger, signal }: Owner,
): Promise<OwnImage> {
  signal.throwIfAborted();
  const name = ledger.name('programs');
  const strike = ledger.note('image', name);
  const remove = async () => {
    await removeImage(docker, name);
    strike();
  };
  const archive = pack();
  for (const [file, content] of Object.entries(programs)) archive.entry({ name: file, mode: 0o755 }, content);
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
  return { name, [Symbol.asyncDispose]: remove };
}

/** A container that runs as long as somebody holds its standard input. */
export interface Attached extends AsyncDisposable {
  /** full */
  readonly id: string;
  readonly stream: Duplex;
  /** its standard output */
  readonly said: Readable;
  /** the last of its standard error */
  complaint(): string;
}

type HostConfig = NonNullable<Docker.ContainerCreateOptions['HostConfig']>;

/** What they all have: no way to write, nothing of root's capabilities, no log of what they say; and the engine removes them when they end. */
const common = (memoryBytes: number) =>
  ({
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    LogConfig: { Type: 'none', Config: {} },
    AutoRemove: true,
    Memory: memoryBytes,
    MemorySwap: memoryBytes,
    PidsLimit: 8,
  }) satisfies HostConfig;

/**
 * Starts a program of an image of ours, which ends when the connection does, also when Tare is killed.
 * @param host  what it has beside what all have
 * @throws {TareError} `docker-refused` with the engine's reason · `docker-unreachable`; AbortError when aborted
 */
export async function startAttached(
  {
    program,
    user,
    image,
    memoryBytes,
  }: { program: string; user: string; image: OwnImage; memoryBytes: number },
  host: HostConfig,
  owner: Owner,
): Promise<Attached> {
  const { docker, ledger } = owner;
  const usual = common(memoryBytes);
  const options: Docker.ContainerCreateOptions = {
    Image: image.name,
    Entrypoint: [`/${program}`],
    User: user,
    Labels: { [sessionLabel]: ledger.session },
    ...{ OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true },
    HostConfig: {
      ...usual,
      ...host,
      SecurityOpt: [...usual.SecurityOpt, ...((host.SecurityOpt as string[] | undefined) ?? [])],
    },
  };
  const owned = await createOwned(docker, owner, options, program);
  try {
    const { container } = owned;
    const all = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
    const stream = (await asking('attach', container.attach(all))) as unknown as Duplex;
    const [said, complained] = [new PassThrough(), new PassThrough()];
    const complaint = lastOf(complained, 500);
    docker.modem.demuxStream(stream, said, complained);
    await asking('start', container.start());
    return {
      id: container.id,
      stream,
      said,
      complaint: () => complaint().trim(),
      async [Symbol.asyncDispose]() {
        stream.destroy();
        await owned.remove();
      },
    };
  } catch (error) {
    await owned.remove();
    throw error;
  }
}
