/** Images that Tare built and that nothing needs any more. */
import type Docker from 'dockerode';
import { asking, statusOf } from '../../base/docker/refusal';

/** `tare/web:0123456789ab`: as Tare alone names what it builds. Podman puts a host before it. */
const ownName = /^(?:localhost\/)?(tare\/[a-z0-9._-]+):[0-9a-f]{12}$/;
/** What is built of a person's folder: it may have been changed or gone since, and is built anew when it is asked for. */
const ofFolder = /^tare\/folder-/;

export interface UnusedImage {
  id: string;
  /** by which it is removed, one after the other */
  names: string[];
}

/**
 * Of each thing that Tare builds for itself all but the newest, and every image of a folder: if all its names are Tare's, and no container,
 * running or not, was made of it. One that a person gave a name of his own is his.
 * @throws {TareError} `docker-refused` · `docker-unreachable` · `docker-silent`
 */
export async function unusedImages(docker: Docker): Promise<UnusedImage[]> {
  const [images, containers] = await Promise.all([
    asking('list images', docker.listImages()),
    asking('list containers', docker.listContainers({ all: true })),
  ]);
  const used = new Set(containers.map(({ ImageID }) => ImageID));
  const kept = new Set<string>();
  return images
    .toSorted((a, b) => b.Created - a.Created)
    .flatMap(({ Id, RepoTags }): UnusedImage[] => {
      const names = RepoTags ?? [];
      const repositories = names.flatMap((name) => ownName.exec(name)?.[1] ?? []);
      if (names.length === 0 || repositories.length < names.length) return [];
      const isNewest = repositories.some((one) => !ofFolder.test(one) && !kept.has(one));
      for (const one of repositories) kept.add(one);
      return isNewest || used.has(Id) ? [] : [{ id: Id, names }];
    });
}

/**
 * Without force: the engine refuses what a container uses that began meanwhile.
 * @returns whether it is gone
 * @throws {TareError} as {@link unusedImages}
 */
export async function removeUnused(docker: Docker, { names }: UnusedImage): Promise<boolean> {
  for (const name of names) {
    const isInUse = await asking(
      'remove image',
      docker
        .getImage(name)
        .remove()
        .then(
          () => false,
          (error: unknown) => {
            if (statusOf(error) === 404) return false;
            if (statusOf(error) === 409) return true;
            throw error;
          },
        ),
    );
    if (isInUse) return false;
  }
  return true;
}
