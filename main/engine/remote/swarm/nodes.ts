/** The nodes of a swarm, as its manager tells of them. */
import type Docker from 'dockerode';
import { z } from 'zod';
import { hostNameOf } from '../../../contract/fleet/host';
import { TareError } from '../../base/errors';
import { informationOf } from '../../base/docker/information';
import { asking } from '../../base/docker/refusal';

const word = z.string().max(500).default('');
const labels = z.record(z.string(), z.string()).nullish();
const ToldNode = z.object({
  ID: z.string().max(100),
  Spec: z.object({ Role: word, Availability: word, Labels: labels }),
  Description: z
    .object({
      Hostname: word,
      Platform: z.object({ Architecture: word, OS: word }).default({ Architecture: '', OS: '' }),
      Engine: z.object({ Labels: labels }).nullish(),
    })
    .nullish(), // of one that has never come up
  Status: z.object({ State: word, Addr: word }),
});

export interface SwarmNode {
  id: string;
  hostname: string;
  role: string;
  availability: string;
  /** `ready`, `down`, `unknown`, `disconnected` */
  state: string;
  /** as `uname -m` names it, unless the engine has a name of its own for it */
  architecture: string;
  os: string;
  address: string;
  labels: Record<string, string>;
  engineLabels: Record<string, string>;
}

/**
 * All nodes, by their names.
 * @throws {TareError} `not-a-manager` · `docker-refused` · `docker-unreachable`
 */
export async function nodesOf(docker: Docker): Promise<SwarmNode[]> {
  const told = z.array(ToldNode).parse(await asking('list nodes', docker.listNodes()));
  return told.map(nodeOf).sort((a, b) => a.hostname.localeCompare(b.hostname) || a.id.localeCompare(b.id));
}

/** @throws {TareError} `not-a-manager` when the engine manages no swarm · `docker-refused` · `docker-unreachable` */
export async function needManager(docker: Docker): Promise<void> {
  const { Swarm } = (await informationOf(docker)) as {
    Swarm?: { LocalNodeState?: string; ControlAvailable?: boolean };
  };
  if (Swarm?.LocalNodeState === 'active' && Swarm.ControlAvailable) return;
  throw new TareError({
    code: 'not-a-manager',
    reason: Swarm?.LocalNodeState === 'active' ? 'worker' : 'no-swarm',
  });
}

function nodeOf({ ID, Spec, Description, Status }: z.infer<typeof ToldNode>): SwarmNode {
  const { Hostname = '', Platform, Engine } = Description ?? {};
  return {
    id: ID,
    hostname: Hostname,
    role: Spec.Role,
    availability: Spec.Availability,
    state: Status.State,
    architecture: Platform?.Architecture ?? '',
    os: Platform?.OS ?? '',
    address: Status.Addr,
    labels: Spec.Labels ?? {},
    engineLabels: Engine?.Labels ?? {},
  };
}

/** What each node is called as a host, by its id: after its own name, made one that no other has. */
export function namesOf(nodes: readonly SwarmNode[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, hostname } of nodes) {
    const plain = hostNameOf(hostname);
    const name =
      plain !== '' && !taken.has(plain.toLowerCase()) ? plain : hostNameOf(plain, `${plain && '-'}${id}`);
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return names;
}

const architectures: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' };
/** As images name it. */
export const architectureOf = ({ architecture }: Pick<SwarmNode, 'architecture'>): string =>
  architectures[architecture] ?? architecture;
