/** What the claims about containers are held against beside the trials: what is shared, and an image made from a Dockerfile. */
import type { Evidence } from '../../../contract/run/evidence';
import type { IsolationReport } from '../../../contract/work/isolation';
import type { Plan } from '../../../contract/plan';
import { usualTargets } from '../../../contract/targets';
import { isAbort, toFailure } from '../../base/errors';
import { build } from '../../images/image/calls';
import { steps } from '../../base/steps';
import { lookIntoIsolation } from '../isolation/isolation';
import type { Resources } from '../../measure/resources';
import type { RunScope } from '../../base/scope';
import { ensureStarter } from '../workflow/starter';

/**
 * Gathers it; what cannot be had is named in `missing`.
 * @throws AbortError when aborted
 */
export async function gatherEvidence(plan: Plan, resources: Resources, scope: RunScope): Promise<Evidence> {
  const evidence: Evidence = { isolation: [], missing: [] };
  const attempt = async (what: 'isolation' | 'build', work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      scope.signal.throwIfAborted();
      if (isAbort(error)) throw error;
      evidence.missing.push({ what, failure: toFailure(error) });
    }
  };
  // A full system would boot for a minute to show the same walls as any other VM.
  const targets = plan.targets.filter((target) => usualTargets.some((usual) => usual === target));
  await attempt('isolation', async () => {
    const report = await lookIntoIsolation({ targets, openings: {} }, resources, scope);
    evidence.isolation = byTarget(report);
    for (const { failure } of report.subjects)
      if (failure) evidence.missing.push({ what: 'isolation', failure });
  });
  await attempt('build', async () => {
    const folder = await ensureStarter(resources, scope);
    const client = await resources.docker(scope.signal);
    const step = steps(scope, 'build-image', folder);
    const { reference, digest, bytes, tookMs } = await build(client, { path: folder }, scope);
    step.done();
    evidence.build = { reference, digest, bytes, tookMs };
  });
  return evidence;
}

const byTarget = ({ subjects, rows }: IsolationReport): Evidence['isolation'] =>
  subjects
    .filter(({ failure }) => !failure)
    .map(({ target }) => {
      const seen = rows.flatMap(({ fact, sights }) =>
        sights.filter((sight) => sight.target === target).map(({ standing }) => ({ fact, standing })),
      );
      const named = (...standings: string[]) =>
        seen.filter(({ standing }) => standings.includes(standing)).map(({ fact }) => fact);
      return { target, same: named('same'), apart: named('different', 'hidden') };
    });
