/** The image that tasks run: made of this very Tare, and handed to the engine, or to a registry for the nodes to take it from. */
import type Docker from 'dockerode';
import type { SwarmOptions } from '../../../../contract/fleet/swarm';
import { removeImage } from '../../../base/docker/owned';
import { asking, statusOf, refusal } from '../../../base/docker/refusal';
import { loadImage } from '../../../images/image/archive';
import { pushImage } from '../../../images/image/pull';
import { loginFor, type Credentials } from '../../../images/registry/credentials';
import { tareVersion, type Resources } from '../../../measure/resources';
import type { RunScope } from '../../../base/scope';
import { steps } from '../../../base/steps';
import { imageArchive } from './archive';
import { imageContent } from './content';

export interface AgentImage extends AsyncDisposable {
  /** what people call it */
  name: string;
  /** by what is in it, so that a node runs this one or none: its id, or its digest in a registry */
  reference: string;
  /** as images name it */
  architecture: string;
  /** for the registry that nodes take it from */
  login?: Credentials;
}

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64' };
/** Of this computer, whose Node.js the image has. */
const architecture = architectures[process.arch] ?? process.arch;

type Choice = Pick<SwarmOptions, 'registry' | 'keepImage'>;

/**
 * Makes sure that the engine has the image; what was not there before is taken away in the end, unless it is to be kept.
 * @throws {TareError} `agent-image-failed` · as making the guest kit, and as {@link pushImage} · `docker-refused` · `docker-unreachable`
 */
export async function agentImage(
  docker: Docker,
  resources: Resources,
  { registry, keepImage }: Choice,
  scope: RunScope,
): Promise<AgentImage> {
  const progress = steps(scope, 'agent-image', tareVersion);
  const files = await imageContent(resources, scope);
  const archive = await imageArchive(files, { version: tareVersion, architecture });
  const made: (() => Promise<void>)[] = [];
  const removeMade = async () => {
    for (let remove = made.pop(); remove; remove = made.pop()) await remove();
  };
  /** Written down before it is there; what is kept is nobody's to sweep. */
  const own = (name: string) => {
    if (keepImage) return;
    const strike = scope.ledger.note('image', name);
    made.push(async () => {
      await removeImage(docker, name);
      strike();
    });
  };
  try {
    if ((await idOf(docker, archive.name)) === undefined) {
      own(archive.name);
      await loadImage(docker, archive.open(), scope.signal);
    }
    progress.done();
    const reference = (await idOf(docker, archive.name)) ?? archive.name;
    const image = {
      name: archive.name,
      reference,
      architecture,
      [Symbol.asyncDispose]: removeMade,
    };
    return registry === undefined
      ? image
      : { ...image, ...(await pushed(docker, registry, image, own, scope)) };
  } catch (error) {
    await removeMade();
    throw error;
  }
}

/** @throws {TareError} as {@link pushImage} */
async function pushed(
  docker: Docker,
  registry: string,
  { name }: Pick<AgentImage, 'name'>,
  own: (name: string) => void,
  scope: RunScope,
): Promise<Pick<AgentImage, 'name' | 'reference' | 'login'>> {
  const tag = name.slice(name.indexOf(':') + 1);
  const there = `${registry}:${tag}`;
  if ((await idOf(docker, there)) === undefined) own(there);
  await asking('tag image', docker.getImage(name).tag({ repo: registry, tag }));
  const login = await loginFor(there, scope.signal);
  const { manifestDigest } = await pushImage(docker, there, scope, login);
  return {
    name: there,
    reference: manifestDigest === undefined ? there : `${registry}@${manifestDigest}`,
    ...(login && { login }),
  };
}

async function idOf(docker: Docker, name: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusal('inspect image', error);
  }
}
