import type Docker from 'dockerode';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { isService, type BuiltinName } from '../../../contract/plan';
import type { Given } from '../../../contract/work/variables';
import { TareError } from '../../base/errors';
import { loginFor } from '../registry/credentials';
import type { DockerClient } from '../../base/docker/client';
import { asking, reasonOf, refusal, statusOf } from '../../base/docker/refusal';
import { valuesOf } from '../../base/process/given';
import {
  commandOf,
  type GivenWorkload,
  type ImageFacts,
  type ImageWorkload,
  type ReadyWorkload,
} from './facts';
import { fingerprintOf } from './fingerprint';
import type { HistoryLine } from './history';
import type { RunScope } from '../../base/scope';
import { ensureBuiltin } from './builtin';
import { buildFolder } from './build/build';
import { pullImage } from './pull';
import { toldSize } from './size';
import { officialImages, serviceBase, type DebianBases } from './services';

/** Where the images that need no registry are made from. */
export interface BuiltinMaterial {
  /** folder that holds `workloads/NAME/Dockerfile` */
  assetsFolder: string;
  /** static busybox of the guest kit; asked for only when a built-in workload is used */
  busybox: () => Promise<string>;
  /** what services stand on where no registry answers */
  debian: DebianBases;
}

/**
 * Makes sure that a workload's image is here, and says how to run it.
 * @throws {TareError} `value-missing` · `image-unknown` · `image-without-command` · `image-without-port` · `image-not-linux` ·
 *   `builtin-not-for-engine` · `build-failed` · `build-folder-unusable` · `service-unavailable` · `docker-refused` · `docker-unreachable`; AbortError when aborted
 */
export async function readyWorkload(
  client: DockerClient,
  asked: ImageWorkload,
  material: BuiltinMaterial,
  scope: RunScope,
): Promise<ReadyWorkload> {
  const { docker } = client;
  const workload = { ...asked, environment: valuesOf(asked.environment) };
  const { image: source } = workload;
  if (source.kind === 'reference') {
    const inspected =
      (await inspect(docker, source.reference)) ?? (await pull(docker, source.reference, scope));
    return { workload, image: await described(source.reference, inspected, workload, client) };
  }
  const reference =
    source.kind === 'folder'
      ? (await buildFolder(client, { path: source.path, options: source }, scope)).digest
      : await builtinImage(client, source.name, material, scope);
  const inspected = await asking('inspect image', docker.getImage(reference).inspect());
  const shown = source.kind === 'folder' ? path.resolve(source.path) : reference;
  return { workload, image: await described(shown, inspected, workload, client) };
}

async function described(
  reference: string,
  inspected: Docker.ImageInspectInfo,
  workload: GivenWorkload,
  client: DockerClient,
): Promise<ImageFacts> {
  const facts = imageFacts(reference, inspected, workload, client);
  // @types/dockerode declares the answer as any.
  const history = client.docker.getImage(inspected.Id).history() as Promise<HistoryLine[]>;
  return { ...facts, ...toldSize(client.store, await asking('image history', history)) };
}

/**
 * Makes sure that a built-in workload's image is here.
 * @returns `tare/NAME:HASH`
 * @throws {TareError} what {@link readyWorkload} throws of a built-in one
 */
export async function builtinImage(
  { docker, architecture }: Pick<DockerClient, 'docker' | 'architecture'>,
  name: BuiltinName,
  material: BuiltinMaterial,
  scope: RunScope,
) {
  const folder = path.join(material.assetsFolder, 'workloads', name);
  const ground = isService(name)
    ? {
        base: await serviceBase(docker, name, officialImages[name], debianFor(architecture, material), scope),
      }
    : { file: { name: 'busybox', file: await busyboxFor(architecture, name, material) } };
  return ensureBuiltin(docker, name, folder, ground, scope);
}

/** By the number of a processor in an ELF file, `e_machine`, its name in images. */
const processors: Record<number, string> = { 62: 'amd64', 183: 'arm64' };

/** The kit's busybox is for this computer; the machine of an engine elsewhere may be another. */
async function busyboxFor(here: string, name: BuiltinName, { busybox }: BuiltinMaterial): Promise<string> {
  const file = await busybox();
  const program = await open(file);
  try {
    const { buffer } = await program.read(Buffer.alloc(20), 0, 20, 0);
    const processor = processors[buffer.readUInt16LE(18)];
    if (processor !== undefined && processor !== here)
      throw new TareError({
        code: 'builtin-not-for-engine',
        workload: name,
        platform: `linux/${processor}`,
        here: `linux/${here}`,
      });
    return file;
  } finally {
    await program.close();
  }
}

/** What processors are called in images, by Node's names for them. */
const ownProcessors: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Debian's packages are for the kit's processor too. */
function debianFor(here: string, material: BuiltinMaterial): DebianBases {
  const { debian } = material;
  // The kit is not made for this alone: an engine of this computer has its processor.
  if (here === ownProcessors[process.arch]) return debian;
  return {
    async find(name) {
      const made = await debian.find(name);
      if (made !== undefined) await busyboxFor(here, name, material);
      return made;
    },
    async make(name, scope) {
      await busyboxFor(here, name, material);
      return debian.make(name, scope);
    },
  };
}

/**
 * The image as the engine keeps it; undefined when it is not here, or when the reference is none (then pulling says why).
 * @throws {TareError} `image-unknown` · `docker-refused` · `docker-unreachable`
 */
export async function inspect(
  docker: Docker,
  reference: string,
): Promise<Docker.ImageInspectInfo | undefined> {
  // The reference becomes part of a path: nothing may be in it that means something there.
  if (!/^[\w.:/@-]+$/.test(reference) || reference.includes('..')) {
    throw new TareError({ code: 'image-unknown', reference, reason: 'reference-malformed' });
  }
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 400) return undefined;
    throw refusal('inspect image', error);
  }
}

async function pull(docker: Docker, reference: string, scope: RunScope): Promise<Docker.ImageInspectInfo> {
  await pullImage(docker, reference, scope, await loginFor(reference, scope.signal));
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    throw new TareError({ code: 'image-unknown', reference, reason: reasonOf(error) }, { cause: error });
  }
}

const words = (value: string | string[] | undefined | null): string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

/** Applies a plan's changes to what the image says about itself, as the engine does at `docker run`. */
export function imageFacts(
  reference: string,
  inspected: Pick<Docker.ImageInspectInfo, 'Id' | 'Os' | 'Architecture' | 'Config' | 'RootFS'>,
  workload: Pick<
    GivenWorkload,
    'entrypoint' | 'command' | 'workingDir' | 'environment' | 'port' | 'openings'
  >,
  here: { os: string; architecture: string },
): Omit<ImageFacts, 'bytes'> {
  const platform = `${inspected.Os || here.os}/${inspected.Architecture || here.architecture}`;
  const wanted = `linux/${here.architecture}`;
  if (platform !== wanted)
    throw new TareError({ code: 'image-not-linux', reference, platform, here: wanted });
  const config = inspected.Config ?? {};
  const { StopSignal: stopSignal } = config as { StopSignal?: string }; // @types/dockerode does not know it
  const entrypoint = workload.entrypoint ?? words(config.Entrypoint);
  const command = workload.command ?? (workload.entrypoint ? [] : words(config.Cmd));
  commandOf({ entrypoint, command, reference });
  const port = workload.port ?? onlyPort(config.ExposedPorts);
  if (port === undefined) throw new TareError({ code: 'image-without-port', reference });
  return {
    reference,
    digest: inspected.Id,
    fingerprint: fingerprintOf(inspected),
    entrypoint,
    command,
    environment: changedEnvironment(config.Env ?? [], workload.environment),
    workingDir: workload.workingDir ?? (config.WorkingDir || '/'),
    user: workload.openings?.user ?? config.User ?? '',
    ...(stopSignal && { stopSignal }),
    port,
  };
}

/** The one TCP port that the image EXPOSEs; undefined when there is none or a choice. */
function onlyPort(exposed: Record<string, object> | undefined | null): number | undefined {
  const ports = Object.keys(exposed ?? {}).flatMap((name) => /^(\d+)(?:\/tcp)?$/.exec(name)?.[1] ?? []);
  return ports.length === 1 ? Number(ports[0]) : undefined;
}

function changedEnvironment(image: string[], changes: Given): string[] {
  const kept = image.filter((line) => !Object.hasOwn(changes, line.split('=', 1)[0]!));
  return [...kept, ...Object.entries(changes).map(([key, value]) => `${key}=${value}`)];
}
