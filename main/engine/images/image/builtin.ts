import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { repositoryOf, type BuiltinName } from '../../../contract/plan';
import { buildContext, contextItems, type Extra } from './build/context';
import { runBuild } from './build/classic';
import { asking } from '../../base/docker/refusal';
import { digestOf } from './digest';
import type { RunScope } from '../../base/scope';

/** Label of the built-in workloads' images. They are kept from run to run: rebuilding them would give the same. */
const workloadLabel = 'tare.workload';

/** What a built-in workload is made of beside its folder: a file that is sent with it, or the image that it stands on. */
export type Ground = { file: Extra } | { base: string };

/**
 * Makes sure that a built-in workload's image is here. It is made from its folder and its ground only, so no
 * registry is asked, and its tag is a hash of both, so it is built once.
 * @param folder  holds the workload's Dockerfile
 * @returns `tare/NAME:HASH`
 * @throws {TareError} `build-folder-unusable` · `build-failed` · `docker-refused` · `docker-unreachable`; AbortError when aborted
 */
export async function ensureBuiltin(
  docker: Docker,
  name: BuiltinName,
  folder: string,
  ground: Ground,
  scope: RunScope,
): Promise<string> {
  const reference = `${repositoryOf(name)}:${await contentHash(docker, folder, ground)}`;
  if ((await digestOf(docker, reference)) !== undefined) return reference;
  const context = await buildContext(folder, 'file' in ground ? [ground.file] : []);
  const options = {
    t: reference,
    labels: { [workloadLabel]: name },
    networkmode: 'none',
    ...('base' in ground && { buildargs: { base: ground.base } }),
  };
  await runBuild(docker, context, options, { path: reference, step: 'build-workload' }, scope);
  return reference;
}

async function contentHash(docker: Docker, folder: string, ground: Ground): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, file, stats } of await contextItems(folder)) {
    if (stats.isFile()) hash.update(`${name}\0${stats.size}\0`).update(await readFile(file));
  }
  const below =
    'file' in ground
      ? await readFile(ground.file.file)
      : (await asking('inspect image', docker.getImage(ground.base).inspect())).Id;
  return hash.update(below).digest('hex').slice(0, 12);
}
