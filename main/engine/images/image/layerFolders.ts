/** Where an engine of this computer keeps an image's files: what every container of it reads. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import { asking } from '../../base/docker/refusal';
import { TareError } from '../../base/errors';

/** As the API has it, of drivers that keep layers as folders: overlay2, and Podman's overlay. */
interface GraphDriver {
  Data?: Record<string, string> | null;
}

/** An image has at most 127 layers with Docker; of an answer no more than this is taken. */
const mostFolders = 512;

/**
 * The folders of an image's layers.
 * @throws {TareError} `not-cold` where they are not to be had: containerd's store, drivers without folders · `docker-refused`
 */
export async function layerFolders(docker: Docker, digest: string): Promise<string[]> {
  const found = await asking('inspect image', docker.getImage(digest).inspect());
  const folders = foldersOf((found as { GraphDriver?: GraphDriver }).GraphDriver);
  if (folders.length === 0 || !folders.every(isFolder))
    throw new TareError({ code: 'not-cold', reason: 'cold-store' });
  return folders;
}

function foldersOf(driver: GraphDriver | undefined): string[] {
  const { UpperDir: upper, LowerDir: lower = '' } = driver?.Data ?? {};
  if (!upper) return [];
  return [upper, ...lower.split(':').filter(Boolean)]
    .filter((one) => path.isAbsolute(one))
    .slice(0, mostFolders);
}

const isFolder = (folder: string): boolean => {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
};
