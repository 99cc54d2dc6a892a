/** A folder with a Dockerfile becomes an image, by the best builder that is here. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BuildOptions, Builder } from '../../../../contract/work/building';
import type { BuildStep } from '../../../../contract/work/images';
import type { DockerClient } from '../../../base/docker/client';
import { TareError } from '../../../base/errors';
import { valuesOf } from '../../../base/process/given';
import type { RunScope } from '../../../base/scope';
import { steps } from '../../../base/steps';
import { digestOf } from '../digest';
import { buildxPackage, findBuilder } from './builders';
import { buildWithBuildkit } from './buildkit';
import { buildWithApi } from './classic';
import { buildContext, unusable } from './context';
import { instructionsOf, needsBuildkit } from './dockerfile';
import { buildWithPodman } from './podman';
import type { BuildOrder, BuildTask, GivenOptions } from './task';

export interface Built {
  digest: string;
  reference: string;
  steps: BuildStep[];
  builder: Builder;
}

/**
 * Builds, telling its steps as `build-image`.
 * @throws {TareError} `value-missing` · `build-failed` with the step, its line and the last of the output · `build-folder-unusable` · `buildkit-needed` ·
 *   `engine-disk-full` · `docker-refused` · `docker-unreachable`; AbortError when aborted, and then nothing of it goes on
 */
export async function buildFolder(client: DockerClient, order: BuildOrder, scope: RunScope): Promise<Built> {
  const here = path.resolve(order.path);
  const { tag, fresh = false, began = () => () => undefined } = order;
  const options = givenOptions(order.options);
  const { docker } = client;
  const dockerfile = await textOf(here, options);
  const { builder } = await findBuilder(client, scope.signal);
  const reference = tag ?? folderTag(here, options);
  const before = tag === undefined ? await digestOf(docker, reference) : undefined;
  await using place = await ownPlace(scope);
  const task: BuildTask = { path: here, options, reference, fresh, began, ...place };
  const progress = steps(scope, 'build-image', here);
  progress.now(undefined, { builder });
  const built = await carryOut(builder, client, task, dockerfile, scope, progress).catch((error: unknown) => {
    throw named(withLine(error, dockerfile));
  });
  progress.done({ build: built, builder });
  const digest = await digestOf(docker, reference);
  if (digest === undefined)
    throw new TareError({ code: 'build-failed', path: here, step: 'tag', output: '' });
  // The earlier build has lost its tag; the engine refuses to remove it while a container uses it.
  if (before !== undefined && before !== digest)
    await docker
      .getImage(before)
      .remove()
      .catch(() => undefined);
  return { digest, reference, steps: built, builder };
}

/** @throws {TareError} `value-missing` */
export const givenOptions = ({ buildArgs, ...rest }: BuildOptions = {}): GivenOptions => ({
  ...rest,
  ...(buildArgs && { buildArgs: valuesOf(buildArgs) }),
});

async function carryOut(
  builder: Builder,
  client: DockerClient,
  task: BuildTask,
  dockerfile: string,
  scope: RunScope,
  progress: ReturnType<typeof steps>,
): Promise<BuildStep[]> {
  if (builder === 'buildkit') return buildWithBuildkit(client, task, scope, progress);
  if (builder === 'podman') return buildWithPodman(client, task, scope, progress);
  const { path: here, options, reference, fresh } = task;
  // Podman's API builds everything; what is missing without its program is only its own account of it.
  if (client.name === 'Docker') refuseBuildkit(here, options, dockerfile);
  const { file, extras } = inContext(here, options);
  const { target, buildArgs, platform } = options;
  return buildWithApi(
    client.docker,
    await buildContext(here, extras, file),
    {
      t: reference,
      dockerfile: file,
      ...(target !== undefined && { target }),
      ...(buildArgs && { buildargs: buildArgs }),
      ...(platform !== undefined && { platform }),
      ...(fresh && { nocache: true }),
    },
    { path: here, builder },
    scope,
    progress,
  );
}

/** @throws {TareError} `build-folder-unusable` when there is no folder, or no Dockerfile in it */
async function textOf(folder: string, { dockerfile = 'Dockerfile' }: BuildOptions): Promise<string> {
  try {
    const file = path.resolve(folder, dockerfile);
    if (!(await lstat(folder)).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' });
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(folder, error as Error);
  }
}

/** @throws {TareError} `buildkit-needed` for what the classic builder does not know */
function refuseBuildkit(folder: string, { secrets, ssh }: BuildOptions, dockerfile: string): void {
  const needing = needsBuildkit(dockerfile);
  const step = needing
    ? `${needing.line}: ${needing.text}`
    : secrets
      ? '--secret'
      : ssh
        ? '--ssh'
        : undefined;
  if (step !== undefined)
    throw new TareError({ code: 'buildkit-needed', path: folder, step, package: buildxPackage });
}

/** A Dockerfile from elsewhere is sent with the folder. */
function inContext(folder: string, { dockerfile = 'Dockerfile' }: BuildOptions) {
  const file = path.relative(folder, path.resolve(folder, dockerfile));
  if (!file.startsWith('..') && !path.isAbsolute(file))
    return { file: file.split(path.sep).join('/'), extras: [] };
  const name = '.tare.Dockerfile';
  return { file: name, extras: [{ name, file: path.resolve(folder, dockerfile) }] };
}

/** A folder that goes with the build: its name is among the builder's words, by which a process that a killed Tare left is found. */
async function ownPlace({ ledger }: Pick<RunScope, 'ledger'>) {
  const name = ledger.name('build');
  const folder = path.join(os.tmpdir(), name);
  const strike = ledger.note('folder', folder);
  await mkdir(folder, { mode: 0o700 });
  return {
    name,
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
      strike();
    },
  };
}

/** Where the builder names an instruction (`3/4 : RUN make`) without its line: the line is in the Dockerfile. */
function withLine(error: unknown, dockerfile: string): unknown {
  if (!(error instanceof TareError) || error.failure.code !== 'build-failed') return error;
  const { failure } = error;
  if (failure.line !== undefined) return error;
  const words = failure.step.replace(/^\d+\/\d+ : /, '');
  const wanted = words.trim().replace(/\s+/g, ' ');
  const same = instructionsOf(dockerfile).filter(({ text }) => text === wanted);
  if (same.length !== 1) return error;
  return new TareError({ ...failure, line: same[0]!.line }, { cause: error });
}

/** What package managers, downloaders and builders say where a server's name leads nowhere. */
const offline =
  /could not resolve (host|proxy)|temporary failure (in name resolution|resolving)|name resolution|no such host|network is unreachable|unable to resolve host|bad address '|EAI_AGAIN|ENOTFOUND/i;

/** A build that failed for want of a network, by a name of its own: the Dockerfile need not be at fault. */
function named(error: unknown): unknown {
  if (!(error instanceof TareError) || error.failure.code !== 'build-failed') return error;
  const { failure } = error;
  return offline.test(failure.output)
    ? new TareError({ ...failure, code: 'build-offline' }, { cause: error })
    : error;
}

/**
 * `tare/folder-NAME:HASH`: readable in `docker images`, and one per folder and way to build it. The hash is of the path, and of the options
 * that are named.
 */
export function folderTag(folder: string, options: BuildOptions = {}): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const { dockerfile, target, buildArgs, platform } = options;
  const named = [dockerfile, target, buildArgs && Object.entries(buildArgs).sort(), platform];
  const hash = createHash('sha256').update(folder);
  if (named.some((value) => value !== undefined)) hash.update(`\0${JSON.stringify(named)}`);
  return `tare/folder-${name || 'root'}:${hash.digest('hex').slice(0, 12)}`;
}
