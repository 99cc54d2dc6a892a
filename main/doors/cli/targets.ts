import { baseTargets, TargetId } from '../../contract/targets';
import { TareError } from '../../engine/base/errors';

/**
 * Reads a comma-separated list of targets.
 * @throws {TareError} `target-unknown`
 */
export function readTargets(list: string): TargetId[] {
  const targets = list
    .split(',')
    .map((target) => target.trim())
    .filter(Boolean);
  const strange = targets.find((target) => !TargetId.safeParse(target).success);
  if (strange === undefined) return targets;
  throw new TareError({ code: 'target-unknown', target: strange, known: [...baseTargets] });
}
