import type Docker from 'dockerode';
import type { CleanReport, Leftover } from '../../../contract/machine';
import { TareError, toFailure } from '../errors';
import { sessionLabel } from '../process/ledger';
import { sleep } from '../signals';
import { removeNetwork } from './network';
import { endLeftProcesses } from './leftProcesses';
import { removeContainer, removeImage } from './owned';
import { asking } from './refusal';

/** A killed Tare may have asked for a container that the engine is still creating. */
const longestCreationMs = 2000;

/**
 * Containers and networks that carry a session's label.
 * @param noted   names of containers in the session's ledger: the answer is held back until they show up, at most `waitMs`
 * @param waitMs  give 0 for a session that died long ago
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function containersOf(
  docker: Docker,
  session: string,
  noted: string[] = [],
  waitMs = longestCreationMs,
): Promise<Leftover[]> {
  const deadline = performance.now() + waitMs;
  const filters = { label: [`${sessionLabel}=${session}`] };
  for (;;) {
    const containers = await asking('list containers', docker.listContainers({ all: true, filters }));
    const names = containers.map((one) => one.Names[0]?.slice(1) ?? one.Id); // the engine shows names as `/name`
    if (noted.every((name) => names.includes(name)) || performance.now() >= deadline) {
      const networks = await asking('list networks', docker.listNetworks({ filters }));
      return [
        ...names.map((name): Leftover => ({ kind: 'container', name, session })),
        ...networks.map((one): Leftover => ({ kind: 'network', name: one.Name, session })),
      ];
    }
    await sleep(50);
  }
}

/** Images that a session has noted and that the engine still has. @throws {TareError} `docker-refused` · `docker-unreachable` */
export async function imagesOf(docker: Docker, session: string, noted: string[]): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const name of noted) {
    const filters = { reference: [name] };
    const images = await asking('list images', docker.listImages({ filters }));
    if (images.length > 0) found.push({ kind: 'image', name, session });
  }
  return found;
}

/** Removes what {@link containersOf} and {@link imagesOf} found: containers first, since they hold the others. Never rejects. */
export async function removeFound(docker: Docker, found: Leftover[]): Promise<CleanReport> {
  const report: CleanReport = { removed: [], kept: [] };
  const inOrder = found.toSorted((a, b) => a.kind.localeCompare(b.kind));
  for (const leftover of inOrder) {
    try {
      if (leftover.kind === 'network') await removeNetwork(docker, leftover.name);
      else if (leftover.kind === 'image') await removeImage(docker, leftover.name);
      else await removeWithProcesses(docker, leftover.name);
      report.removed.push(leftover);
    } catch (error) {
      report.kept.push({ leftover, failure: toFailure(error) });
    }
  }
  return report;
}

/** A container whose start was broken off may leave its runtime's processes behind. */
async function removeWithProcesses(docker: Docker, name: string): Promise<void> {
  const container = docker.getContainer(name);
  const id = await container.inspect().then(
    ({ Id }) => Id,
    () => undefined, // gone meanwhile
  );
  await removeContainer(docker, name);
  if (id === undefined) return;
  // The session's own list has the container until this returns.
  const left = await endLeftProcesses(id, { note: () => () => undefined });
  if (left && left.running.length > 0)
    throw new TareError({ code: 'not-stopped', what: left.running.join(', ') });
}
