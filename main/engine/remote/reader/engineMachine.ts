/** The machine that an engine's containers run on: this one, or one that only a reader sees. */
import os from 'node:os';
import path from 'node:path';
import { toFailure } from '../../base/errors';
import type { DockerClient } from '../../base/docker/client';
import { isDistant } from '../../base/docker/endpoints';
import { informationOf } from '../../base/docker/information';
import { asking, reasonOf } from '../../base/docker/refusal';
import { thisMachine, thisPlace, type EnginePlace } from '../../base/process/hostFiles';
import { processes } from '../../base/process/proc';
import type { RunScope } from '../../base/scope';
import { steps } from '../../base/steps';
import { importPrograms, type OwnImage, type Owner } from './attached';
import { programsFor } from './program';
import { startReader, type Reader } from './reader';
import { startRelay } from './relay';

export interface EngineMachine extends EnginePlace, AsyncDisposable {
  where: 'here' | 'elsewhere';
  reader?: Reader;
}

interface Opening {
  client: DockerClient;
  cacheFolder: string;
  /** whether a person lets containers of ours be started there */
  allowed: boolean;
  scope: RunScope;
}

const here: EngineMachine = {
  where: 'here',
  ...thisPlace,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/**
 * Finds out where an engine's containers run, and starts a reader there unless that is here. What the engine tells of its machine is
 * only a hint; the proof is whether the reader is to be seen among this machine's processes. Where it is, it is taken away again.
 * @throws {TareError} `docker-refused` · `docker-unreachable` where the relay cannot be had without which no container is reached
 */
export async function openEngineMachine(opening: Opening): Promise<EngineMachine> {
  const { client, allowed, scope } = opening;
  const distant = isDistant(client.endpoint);
  if (!distant && (await isPlainlyHere(client))) return here;
  if (!allowed && !distant) return { ...here, where: 'elsewhere', reason: 'reader-not-allowed' };
  const progress = steps(scope, 'reader', client.endpoint);
  await using stack = new Stack();
  const owner: Owner = { docker: client.docker, ledger: scope.ledger, signal: scope.signal };
  const found = await startAll(opening, owner, distant, stack);
  progress.done();
  const { reader } = found;
  if (reader && !distant && (await isSeenHere(client, reader))) return here;
  const kept = stack.move();
  return {
    where: 'elsewhere',
    machine: reader ?? thisMachine,
    reason: thisPlace.reason,
    ...found,
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

/** What is removed in the end, the last first. (Node 20 has no AsyncDisposableStack.) */
class Stack implements AsyncDisposable {
  private owned: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(one: T): T {
    this.owned.push(one);
    return one;
  }

  /** Hands it over: what is left here is empty. */
  move(): Stack {
    const other = new Stack();
    other.owned = this.owned;
    this.owned = [];
    return other;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let one = this.owned.pop(); one; one = this.owned.pop()) await one[Symbol.asyncDispose]();
  }
}

type Started = Pick<EngineMachine, 'reader' | 'relay'> & { reason?: string };

async function startAll(
  { client, cacheFolder, allowed, scope }: Opening,
  owner: Owner,
  distant: boolean,
  stack: Stack,
): Promise<Started> {
  let image: OwnImage;
  const docker = () => Promise.resolve(client.docker);
  try {
    const programs = await programsFor(client.architecture, { cacheFolder, docker, ...scope });
    image = stack.use(await importPrograms(programs, owner));
  } catch (error) {
    if (distant || scope.signal.aborted) throw error;
    return { reason: `reader-failed: ${wordsOf(error)}` };
  }
  const relay = distant ? { relay: stack.use(await startRelay(image, owner)) } : {};
  if (!allowed) return { ...relay, reason: 'reader-not-allowed' };
  try {
    return { ...relay, reader: stack.use(await startReader(image, owner)) };
  } catch (error) {
    scope.signal.throwIfAborted();
    return { ...relay, reason: `reader-failed: ${wordsOf(error)}` };
  }
}

function wordsOf(error: unknown): string {
  const failure = toFailure(error);
  return 'reason' in failure ? failure.reason : 'program' in failure ? failure.program : reasonOf(error);
}

/** What engines run beside containers. */
const daemons = /^(dockerd|containerd|podman|conmon|containerd-shim.*)$/;

/**
 * Whether the engine names this machine and its processes are to be seen here. What names another one, or hides its processes, is looked
 * into by a reader.
 */
async function isPlainlyHere({ docker }: DockerClient): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const told = await informationOf(docker);
  return (
    told.Name === os.hostname() &&
    told.KernelVersion === os.release() &&
    told.MemTotal === os.totalmem() &&
    processes().some(({ words }) => daemons.test(path.basename(words[0] ?? '')))
  );
}

/** Whether the reader's first process, as the engine numbers it, is here a process of the reader's container. */
async function isSeenHere({ docker }: DockerClient, { id }: Reader): Promise<boolean> {
  const { State } = await asking('inspect', docker.getContainer(id).inspect());
  return thisMachine.look((files) => files.read(`/proc/${State.Pid}/cgroup`).includes(id)).catch(() => false);
}
