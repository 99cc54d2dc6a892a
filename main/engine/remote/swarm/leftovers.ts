/** What a dead session has left in a swarm. */
import type Docker from 'dockerode';
import type { CleanReport, Leftover } from '../../../contract/machine';
import { TareError, toFailure } from '../../base/errors';
import { asking } from '../../base/docker/refusal';
import { sessionLabel } from '../../base/process/ledger';
import { removeNamed, tasksGone } from './service';

interface Kept {
  ID: string;
  name: string;
}

/** An engine that manages no swarm answers so. */
const noManager = 503;

/**
 * Removes a session's services and secrets. A service first, and the secret once its tasks are gone: each ends the run on its node before. An
 * engine that manages no swarm has none of them any more. Never rejects.
 * @param noted  what the session's list says that there may be; only then is anybody asked
 */
export async function sweepSwarm(
  docker: Docker,
  session: string,
  noted: readonly Leftover[],
  dryRun: boolean,
): Promise<CleanReport> {
  const report: CleanReport = { removed: [], kept: [] };
  const told = (kind: 'service' | 'secret', { name }: Kept): Leftover => ({ kind, name, session });
  const of = noted.filter(({ kind }) => kind === 'service' || kind === 'secret');
  if (of.length === 0) return report;
  try {
    const services = await keptBy(docker, 'service', session);
    if (!dryRun) {
      for (const { ID } of services) await removeNamed(docker, 'service', ID);
      await tasksGone(
        docker,
        services.map(({ ID }) => ID),
      );
    }
    report.removed.push(...services.map((one) => told('service', one)));
    for (const secret of await keptBy(docker, 'secret', session)) {
      if (!dryRun) await removeNamed(docker, 'secret', secret.ID);
      report.removed.push(told('secret', secret));
    }
  } catch (error) {
    if (
      error instanceof TareError &&
      error.failure.code === 'docker-refused' &&
      error.failure.status === noManager
    )
      return report;
    const failure = toFailure(error);
    report.kept.push(...of.map((leftover) => ({ leftover, failure })));
  }
  return report;
}

/** @throws {TareError} `docker-refused` · `docker-unreachable` */
async function keptBy(docker: Docker, kind: 'service' | 'secret', session: string): Promise<Kept[]> {
  const options = { filters: { label: [`${sessionLabel}=${session}`] } };
  const all = await asking(
    `list ${kind}s`,
    (kind === 'service' ? docker.listServices(options) : docker.listSecrets(options)) as Promise<unknown[]>,
  );
  return (all as { ID: string; Spec?: { Name?: string } }[]).map(({ ID, Spec }) => ({
    ID,
    name: Spec?.Name ?? ID,
  }));
}
