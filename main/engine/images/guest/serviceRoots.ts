/** What services stand on where no registry answers: their programs and libraries from Debian's packages, as images. */
import type Docker from 'dockerode';
import path from 'node:path';
import packagesScript from '../../../../assets/guest/packages.sh?raw';
import serviceScript from '../../../../assets/guest/service.sh?raw';
import type { ServiceName } from '../../../contract/plan';
import { asking } from '../../base/docker/refusal';
import { runBuild } from '../image/build/classic';
import { buildContext } from '../image/build/context';
import type { DebianBases } from '../image/services';
import type { RunScope } from '../../base/scope';
import { carryOut, sourcesHash, type MakingOrder, type Procedure } from './recipe';

interface Root {
  /** in Debian; what they depend on comes along */
  packages: string[];
  /** names in /usr/bin for programs that a package puts elsewhere; a target may be a pattern */
  links?: Record<string, string>;
}

const roots: Record<ServiceName, Root> = {
  nginx: { packages: ['nginx'] },
  // its own tools, such as initdb, call a shell
  postgresql: { packages: ['postgresql-17', 'dash'] },
  valkey: { packages: ['valkey-server'] },
  node: { packages: ['nodejs'] },
  python: { packages: ['python3'] },
  java: {
    packages: ['openjdk-21-jre-headless'],
    links: { java: '../lib/jvm/java-21-openjdk-*/bin/java' },
  },
};

const lines = (words: string[]): string => words.map((word) => `${word}\n`).join('');

const procedureOf = (name: ServiceName): Procedure => ({
  name: `service-${name}`,
  sources: {
    'packages.sh': packagesScript,
    'service.sh': serviceScript,
    wanted: lines(roots[name].packages),
    links: lines(Object.entries(roots[name].links ?? {}).map(([link, target]) => `${link} ${target}`)),
  },
  script: 'service.sh',
  tools: ['debian-archive-keyring'],
  files: ['root.tar'],
  makingBytes: 1024 ** 3, // packages, their tree and the archive; measured 520 MB for Java
});

const repositoryOf = (name: ServiceName): string => `tare/${name}-debian`;
const recipeLabel = 'tare.recipe';

/**
 * Bases of services among the engine's images, and the way to make one: packages are downloaded and unpacked, none is installed, and
 * no root is needed. What was made by the same recipe is used whatever Debian has published since.
 * @param folder  holds the Dockerfile that takes `root.tar` in
 */
export const debianBases = (
  docker: Docker,
  folder: string,
  order: Pick<MakingOrder, 'cacheFolder'>,
): DebianBases => ({
  async find(name) {
    // What stands on a base inherits its label, but not its name.
    const label = [`${recipeLabel}=${sourcesHash(procedureOf(name))}`];
    const filters = { label, reference: [repositoryOf(name)] };
    const images = await asking('list images', docker.listImages({ filters }));
    return images.sort((a, b) => b.Created - a.Created)[0]?.RepoTags?.[0];
  },
  make(name, scope) {
    const procedure = procedureOf(name);
    const making = { ...order, ...scope, docker: () => Promise.resolve(docker) };
    return carryOut(procedure, making, (output, { version }) => {
      const labels = { [recipeLabel]: sourcesHash(procedure) };
      return imageOf(docker, `${repositoryOf(name)}:${version}`, folder, { output, labels }, scope);
    });
  },
});

async function imageOf(
  docker: Docker,
  reference: string,
  folder: string,
  { output, labels }: { output: string; labels: Record<string, string> },
  scope: RunScope,
): Promise<string> {
  const context = await buildContext(folder, [{ name: 'root.tar', file: path.join(output, 'root.tar') }]);
  const options = { t: reference, labels, networkmode: 'none' };
  await runBuild(docker, context, options, { path: reference, step: 'build-workload' }, scope);
  return reference;
}
