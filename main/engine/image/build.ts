import type { StepName } from '../../contract/work/progress';
import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { BuildStep } from '../../contract/work/images';
import { TareError } from '../errors';
import { objectsOf } from '../docker/ndjson';
import { reasonOf, refusal, statusOf } from '../docker/refusal';
import { digestOf } from './digest';
import type { RunScope } from '../scope';
import { BuildReport, type BuildLine } from './buildReport';
import { buildContext } from './context';
import { steps } from '../steps';

/**
 * Builds a folder with a Dockerfile, telling its steps as `build-image`. The image keeps one tag per folder, so that
 * building again replaces it.
 * @returns the image's digest
 * @throws {TareError} `build-failed` with the step and the last of the output · `build-folder-unusable`; AbortError when aborted
 */
export async function buildImage(docker: Docker, folder: string, scope: RunScope): Promise<string> {
  return (await buildFolder(docker, folder, scope)).digest;
}

/** {@link buildImage}, with the steps that led to the image. */
export async function buildFolder(
  docker: Docker,
  folder: string,
  scope: RunScope,
  options: Docker.ImageBuildOptions = {},
): Promise<{ digest: string; reference: string; steps: BuildStep[] }> {
  const here = path.resolve(folder);
  const tag = folderTag(here);
  const before = await digestOf(docker, tag);
  const about = { path: here, step: 'build-image' } as const;
  const steps = await runBuild(docker, await buildContext(here), { ...options, t: tag }, about, scope);
  const digest = await digestOf(docker, tag);
  if (digest === undefined) {
    throw new TareError({ code: 'build-failed', path: here, step: 'tag', output: '' });
  }
  // The earlier build has lost its tag; the engine refuses to remove it while a container uses it.
  if (before !== undefined && before !== digest)
    await docker
      .getImage(before)
      .remove()
      .catch(() => undefined);
  return { digest, reference: tag, steps };
}

/** `tare/NAME:HASH OF THE PATH`: readable in `docker images`, and one per folder. */
export function folderTag(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `tare/folder-${name || 'root'}:${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
}

/**
 * One build, from context to the end of the engine's report. Containers of its steps are removed, also of a failed or cancelled one.
 * @returns its steps, with the sizes of the layers that they made
 * @throws {TareError} `build-failed`; what the context stream fails with; AbortError when aborted
 */
export async function runBuild(
  docker: Docker,
  context: Readable,
  options: Docker.ImageBuildOptions,
  about: { path: string; step: StepName },
  scope: RunScope,
): Promise<BuildStep[]> {
  const { signal } = scope;
  const progress = steps(scope, about.step, about.path);
  const report = new BuildReport();
  let broken: Error | undefined;
  context.once('error', (error: Error) => (broken = error));
  const failed = (output: string, cause?: unknown) =>
    new TareError({ code: 'build-failed', path: about.path, step: report.step, output }, { cause });
  try {
    const all = { ...options, rm: true, forcerm: true, abortSignal: signal };
    const stream = (await docker.buildImage(context, all)) as Readable;
    for await (const line of objectsOf<BuildLine>(stream)) {
      const worthTelling = report.take(line);
      if (worthTelling) progress.now(report.share, { build: report.steps() });
      if (report.error !== undefined) throw failed(report.output);
      progress.moving(report.share, () => ({ build: report.steps() }));
    }
    signal.throwIfAborted(); // an aborted stream may also just end
  } catch (error) {
    signal.throwIfAborted();
    if (broken) throw broken;
    const status = statusOf(error);
    // The engine refuses a Dockerfile that it cannot read before it reports anything.
    if (status === 400 || status === 500) throw failed(reasonOf(error), error);
    throw refusal('build image', error);
  } finally {
    context.destroy();
  }
  report.close();
  const built = report.steps(options.t === undefined ? undefined : await layerSizes(docker, options.t));
  progress.done({ build: built });
  return built;
}

/** Unpacked size of the layer that each image on the way added; the classic builder keeps them as parents. */
async function layerSizes(docker: Docker, reference: string): Promise<Map<string, number>> {
  try {
    const history = (await docker.getImage(reference).history()) as { Id: string; Size: number }[];
    return new Map(history.map(({ Id, Size }) => [Id.replace('sha256:', ''), Size]));
  } catch {
    return new Map(); // the build itself went well: then only the sizes are not known
  }
}
