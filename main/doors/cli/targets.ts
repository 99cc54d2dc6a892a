import { planFields } from '../../contract/planFields';
import { baseTargets, TargetId } from '../../contract/targets';
import { TareError } from '../../engine/base/errors';

/**
 * Reads a comma-separated list of targets.
 * @throws {TareError} `target-unknown`
 */
export function readTargets(list: string): TargetId[] {
  const targets = planFields.targets.notation.parse(list) ?? [];
  const strange = targets.find((target) => !TargetId.safeParse(target).success);
  if (strange === undefined) return targets;
  throw new TareError({ code: 'target-unknown', target: strange, known: [...baseTargets] });
}
