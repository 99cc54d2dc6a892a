/** What a door may do with images: bring, send and build them. */
import type Docker from 'dockerode';
import type { BuildOptions } from '../../../contract/work/building';
import type { BuildResult, TransferReport } from '../../../contract/work/images';
import { loginFor } from '../registry/credentials';
import type { TransferProgress } from '../registry/transfer';
import { asking } from '../../base/docker/refusal';
import type { DockerClient } from '../../base/docker/client';
import type { RunScope } from '../../base/scope';
import { buildFolder } from './build/build';
import type { HistoryLine } from './history';
import { pullImage, pushImage } from './pull';
import { toldSize } from './size';

/** @throws {TareError} as {@link pullImage} and {@link loginFor} */
export async function pull(docker: Docker, reference: string, scope: RunScope): Promise<TransferReport> {
  return timed(docker, reference, async () => {
    const login = await loginFor(reference, scope.signal);
    return pullImage(docker, reference, scope, login);
  });
}

/** @throws {TareError} as {@link pushImage} and {@link loginFor} */
export async function push(docker: Docker, reference: string, scope: RunScope): Promise<TransferReport> {
  return timed(docker, reference, async () => {
    const login = await loginFor(reference, scope.signal);
    return pushImage(docker, reference, scope, login);
  });
}

async function timed(
  docker: Docker,
  reference: string,
  work: () => Promise<TransferProgress>,
): Promise<TransferReport> {
  const fromMs = performance.now();
  const transfer = await work();
  const tookMs = performance.now() - fromMs;
  const { layers, alreadyThere } = transfer.count();
  const movedBytes = transfer.wholeBytes();
  const rate = transfer.meanBytesPerSecond();
  const { Id, RootFS } = await asking('inspect image', docker.getImage(reference).inspect());
  const all = RootFS?.Layers?.length ?? 0;
  return {
    reference,
    digest: Id,
    ...(transfer.manifestDigest !== undefined && { manifestDigest: transfer.manifestDigest }),
    // containerd's store says nothing of layers where it has them all
    ...(layers === 0 ? { layers: all, alreadyThere: all } : { layers, alreadyThere }),
    ...(movedBytes !== undefined && { movedBytes }),
    tookMs,
    ...(movedBytes !== undefined && rate !== undefined && { bytesPerSecond: rate }),
    resumed: transfer.resumed,
  };
}

/** @throws {TareError} as {@link buildFolder} */
export async function build(
  client: DockerClient,
  order: { path: string; tag?: string | undefined } & BuildOptions,
  scope: RunScope,
): Promise<BuildResult> {
  const fromMs = performance.now();
  const { path, tag, ...options } = order;
  const built = await buildFolder(client, { path, options, ...(tag !== undefined && { tag }) }, scope);
  // @types/dockerode declares the answer as any.
  const history = client.docker.getImage(built.digest).history() as Promise<HistoryLine[]>;
  const size = toldSize(client.store, await asking('image history', history));
  return { ...built, ...size, tookMs: performance.now() - fromMs };
}
