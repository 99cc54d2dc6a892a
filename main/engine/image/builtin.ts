import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BuiltinName } from '../../contract/plan';
import { buildContext, contextItems } from './context';
import { runBuild } from './build';
import { refusal, statusOf } from '../docker/refusal';
import type { RunScope } from '../scope';

/** Label of the built-in workloads' images. They are kept from run to run: rebuilding them would give the same. */
const workloadLabel = 'tare.workload';

/**
 * Makes sure that a built-in workload's image is here. It is made from its folder and a static busybox only, so no
 * registry is asked, and its tag is a hash of both, so it is built once.
 * @param from  `folder` holds the workload's Dockerfile; `busyboxPath` is the static busybox that goes into the image
 * @returns `tare/NAME:HASH`
 * @throws {TareError} `build-folder-unusable` · `build-failed` · `docker-refused` · `docker-unreachable`; AbortError when aborted
 */
export async function ensureBuiltin(
  docker: Docker,
  name: BuiltinName,
  from: { folder: string; busyboxPath: string },
  scope: RunScope,
): Promise<string> {
  const reference = `tare/${name}:${await contentHash(from)}`;
  if (await isHere(docker, reference)) return reference;
  const context = await buildContext(from.folder, [{ name: 'busybox', file: from.busyboxPath }]);
  const options = { t: reference, labels: { [workloadLabel]: name }, networkmode: 'none' };
  await runBuild(docker, context, options, { path: reference, step: 'build-workload' }, scope);
  return reference;
}

async function contentHash({
  folder,
  busyboxPath,
}: {
  folder: string;
  busyboxPath: string;
}): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, file, stats } of await contextItems(folder)) {
    if (stats.isFile()) hash.update(`${name}\0${stats.size}\0`).update(await readFile(file));
  }
  return hash
    .update(await readFile(busyboxPath))
    .digest('hex')
    .slice(0, 12);
}

async function isHere(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw refusal('inspect image', error);
  }
}
