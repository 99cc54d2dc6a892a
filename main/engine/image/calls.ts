/** What a door may do with images: bring, send and build them. */
import type Docker from 'dockerode';
import path from 'node:path';
import type { BuildResult, BuildStep, TransferReport } from '../../contract/work/images';
import { loginFor } from '../registry/credentials';
import type { TransferProgress } from '../registry/transfer';
import { asking } from '../docker/refusal';
import type { RunScope } from '../scope';
import { buildFolder, runBuild } from './build';
import { buildContext } from './context';
import { pullImage, pushImage } from './pull';

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

/** @throws {TareError} `build-failed` · `build-folder-unusable`; AbortError when aborted */
export async function build(
  docker: Docker,
  folder: string,
  tag: string | undefined,
  scope: RunScope,
): Promise<BuildResult> {
  const fromMs = performance.now();
  const here = path.resolve(folder);
  let steps: BuildStep[];
  let reference = tag;
  if (reference === undefined) ({ reference, steps } = await buildFolder(docker, here, scope));
  else {
    const about = { path: here, step: 'build-image' } as const;
    steps = await runBuild(docker, await buildContext(here), { t: reference }, about, scope);
  }
  const { Id, Size } = await asking('inspect image', docker.getImage(reference).inspect());
  return {
    reference,
    digest: Id,
    bytes: Size,
    tookMs: performance.now() - fromMs,
    steps,
  };
}
