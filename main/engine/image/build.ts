import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { TareError } from '../errors';
import { objectsOf } from '../targets/docker/ndjson';
import { reasonOf, refusal, statusOf } from '../targets/docker/refusal';
import type { Workshop } from '../targets/target';
import { buildContext } from './context';
import { steps } from './steps';

/** One line of the engine's report on a build. */
export interface BuildLine {
  stream?: string;
  error?: string;
  errorDetail?: { message?: string };
}

/** Enough of the output to see why a step failed. */
const longestOutput = 16 * 1024;

/**
 * Builds a folder with a Dockerfile, telling its steps as `build-image`. The image keeps one tag per folder, so that
 * building again replaces it.
 * @returns the image's digest
 * @throws {TareError} `build-failed` with the step and the last of the output · `build-folder-unusable`; AbortError when aborted
 */
export async function buildImage(docker: Docker, folder: string, workshop: Workshop): Promise<string> {
  const here = path.resolve(folder);
  const tag = folderTag(here);
  const before = await digestOf(docker, tag);
  await runBuild(docker, await buildContext(here), { t: tag }, { path: here, step: 'build-image' }, workshop);
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
  return digest;
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

async function digestOf(docker: Docker, reference: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(reference).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusal('inspect image', error);
  }
}

/**
 * One build, from context to the end of the engine's report. Containers of its steps are removed, also of a failed or cancelled one.
 * @throws {TareError} `build-failed`; what the context stream fails with; AbortError when aborted
 */
export async function runBuild(
  docker: Docker,
  context: Readable,
  options: Docker.ImageBuildOptions,
  about: { path: string; step: string },
  workshop: Workshop,
): Promise<void> {
  const { signal } = workshop;
  const progress = steps(workshop, about.step, about.path);
  const report = new BuildReport();
  let broken: Error | undefined;
  context.once('error', (error: Error) => (broken = error));
  const failed = (output: string, cause?: unknown) =>
    new TareError({ code: 'build-failed', path: about.path, step: report.step, output }, { cause });
  try {
    const all = { ...options, rm: true, forcerm: true, abortSignal: signal };
    const stream = (await docker.buildImage(context, all)) as Readable;
    for await (const line of objectsOf<BuildLine>(stream)) {
      report.take(line);
      if (report.error !== undefined) throw failed(report.output);
      progress.moving(report.share);
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
  progress.done();
}

/** What a build has said so far. */
export class BuildReport {
  /** the step under way, as the builder words it: `2/3 : RUN make` */
  step = 'Dockerfile';
  /** the last of the output */
  output = '';
  error: string | undefined;
  /** 0 to 1: steps finished of all steps */
  share: number | undefined;

  take({ stream, error, errorDetail }: BuildLine): void {
    this.error = errorDetail?.message ?? error;
    const text = stream ?? (this.error === undefined ? '' : `${this.error}\n`);
    this.output = (this.output + text).slice(-longestOutput);
    const step = /^Step ((\d+)\/(\d+) : .*)$/m.exec(stream ?? '');
    if (!step) return;
    this.step = step[1]!;
    this.share = (Number(step[2]) - 1) / Number(step[3]);
  }
}
