/** What a door may do with images: bring, send, build, list and remove them. */
import type Docker from 'dockerode';
import path from 'node:path';
import type { BuildResult, BuildStep, TransferReport } from '../../contract/images';
import { loginFor } from '../registry/credentials';
import type { TransferBooks } from '../registry/transfer';
import { asking } from '../docker/refusal';
import type { Workshop } from '../targets/target';
import { buildFolder, runBuild } from './build';
import { buildContext } from './context';
import { pullImage, pushImage } from './pull';

/** @throws {TareError} as {@link pullImage} and {@link loginFor} */
export async function pull(docker: Docker, reference: string, workshop: Workshop): Promise<TransferReport> {
  return timed(docker, reference, async () => {
    const login = await loginFor(reference, workshop.signal);
    return pullImage(docker, reference, workshop, login);
  });
}

/** @throws {TareError} as {@link pushImage} and {@link loginFor} */
export async function push(docker: Docker, reference: string, workshop: Workshop): Promise<TransferReport> {
  return timed(docker, reference, async () => {
    const login = await loginFor(reference, workshop.signal);
    return pushImage(docker, reference, workshop, login);
  });
}

async function timed(
  docker: Docker,
  reference: string,
  work: () => Promise<TransferBooks>,
): Promise<TransferReport> {
  const fromMs = performance.now();
  const books = await work();
  const tookMs = performance.now() - fromMs;
  const { layers, alreadyThere } = books.count();
  const rate = books.meanBytesPerSecond();
  const { Id } = await asking('inspect image', docker.getImage(reference).inspect());
  return {
    reference,
    digest: Id,
    ...(books.manifestDigest !== undefined && { manifestDigest: books.manifestDigest }),
    layers,
    alreadyThere,
    movedBytes: books.movedBytes(),
    tookMs,
    ...(rate !== undefined && { bytesPerSecond: rate }),
    resumed: books.resumed,
  };
}

/** @throws {TareError} `build-failed` · `build-folder-unusable`; AbortError when aborted */
export async function build(
  docker: Docker,
  folder: string,
  tag: string | undefined,
  workshop: Workshop,
): Promise<BuildResult> {
  const fromMs = performance.now();
  const here = path.resolve(folder);
  let steps: BuildStep[];
  let reference = tag;
  if (reference === undefined) ({ reference, steps } = await buildFolder(docker, here, workshop));
  else {
    const about = { path: here, step: 'build-image' };
    steps = await runBuild(docker, await buildContext(here), { t: reference }, about, workshop);
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
