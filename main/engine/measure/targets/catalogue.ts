/** How each target is made and what may stand in its way here; what it is stands in contract/targets.ts. */
import type { Failure } from '../../../contract/failures';
import { baseTargets, describeTarget, type BaseTarget, type TargetId } from '../../../contract/targets';
import { isAbort, TareError, toFailure } from '../../base/errors';
import type { MadePlaces } from '../../images/guest/recipe';
import type { RunScope } from '../../base/scope';
import * as docker from './docker';
import type { Launcher, Tools } from './launcher';
import * as process from './process';
import * as qemu from './qemu';
import type { Target } from './target';

/** A target of the table that has no launcher does not compile. */
const launchers: Record<BaseTarget, Launcher> = {
  ...process.launchers,
  ...docker.launchers,
  ...qemu.launchers,
};

/** Why a target cannot be used here although what it needs is well. */
export async function obstacleOf(
  id: BaseTarget,
  places: MadePlaces,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  try {
    await launchers[id].check?.(places, signal);
    return undefined;
  } catch (error) {
    if (isAbort(error)) throw error;
    return toFailure(error);
  }
}

/**
 * Opens a target.
 * @throws {TareError} `target-unknown`
 */
export async function openTarget(id: TargetId, tools: Tools, scope: RunScope): Promise<Target> {
  const base = describeTarget(id)?.entry.id;
  if (base === undefined) throw new TareError({ code: 'target-unknown', target: id, known: baseTargets });
  return launchers[base].open(tools, scope, id);
}
