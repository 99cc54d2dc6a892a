/** The classic builder of the engine's API: it is sent the whole folder, and carries out one instruction after the other. */
import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import type { Builder } from '../../../../contract/work/building';
import type { StepName } from '../../../../contract/work/progress';
import type { BuildStep } from '../../../../contract/work/images';
import { objectsOf } from '../../../base/docker/ndjson';
import { reasonOf, refusal, statusOf } from '../../../base/docker/refusal';
import { TareError } from '../../../base/errors';
import type { RunScope } from '../../../base/scope';
import { steps } from '../../../base/steps';
import { LinesReport, type BuildLine } from './linesReport';

/**
 * One build that is a step of its own.
 * @throws as {@link buildWithApi}
 */
export async function runBuild(
  docker: Docker,
  context: Readable,
  options: Docker.ImageBuildOptions,
  about: { path: string; step: StepName },
  scope: RunScope,
): Promise<BuildStep[]> {
  const progress = steps(scope, about.step, about.path);
  const build = await buildWithApi(docker, context, options, about, scope, progress);
  progress.done({ build });
  return build;
}

/**
 * From context to the end of the engine's report. Containers of its steps are removed, also of a failed or cancelled one.
 * @returns its steps, with the sizes of the layers that they made
 * @throws {TareError} `build-failed`; what the context stream fails with; AbortError when aborted
 */
export async function buildWithApi(
  docker: Docker,
  context: Readable,
  options: Docker.ImageBuildOptions,
  about: { path: string; builder?: Builder },
  { signal }: Pick<RunScope, 'signal'>,
  progress: ReturnType<typeof steps>,
): Promise<BuildStep[]> {
  const report = new LinesReport();
  let broken: Error | undefined;
  context.once('error', (error: Error) => (broken = error));
  const failed = (output: string, cause?: unknown) =>
    new TareError({ code: 'build-failed', path: about.path, step: report.step, output }, { cause });
  const details = () => ({ build: report.steps(), ...(about.builder && { builder: about.builder }) });
  try {
    const all = { ...options, rm: true, forcerm: true, abortSignal: signal };
    const stream = (await docker.buildImage(context, all)) as Readable;
    for await (const line of objectsOf<BuildLine>(stream)) {
      if (report.take(line)) progress.now(report.share, details());
      if (report.error !== undefined) throw failed(report.output);
      progress.moving(report.share, details);
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
  return report.steps(options.t === undefined ? undefined : await imageSizes(docker, options.t));
}

/** Unpacked size of the layer that each image on the way added; the classic builder and Podman keep them as parents. */
export async function imageSizes(docker: Docker, reference: string): Promise<Map<string, number>> {
  try {
    const history = (await docker.getImage(reference).history()) as { Id: string; Size: number }[];
    return new Map(history.map(({ Id, Size }) => [Id.replace('sha256:', ''), Size]));
  } catch {
    return new Map(); // the build itself went well: then only the sizes are not known
  }
}
