import { SwarmOptions } from '../../../../main/contract/fleet/swarm';
import type { NameIn } from '../../../../main/contract/messages';
import type { SwarmDraft } from '../../../state/hosts/chosen.svelte';

interface ReadSwarm {
  /** what a run is started with: whatever is wrong in it, it is refused in words */
  asked: SwarmOptions;
  /** what is wrong, by field */
  problems: Partial<Record<keyof SwarmDraft, `ui.swarm.bad.${NameIn<'ui.swarm.bad'>}`>>;
}

/** Reads what was typed; an empty field says nothing. */
export function readSwarm(draft: SwarmDraft): ReadSwarm {
  const registry = draft.registry.trim();
  const atOnce = draft.maxConcurrent.trim();
  const asked: SwarmOptions = {
    // no value of a constraint has a comma
    constraints: draft.constraints
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    ...(atOnce !== '' && { maxConcurrent: Number(atOnce) }),
    ...(registry !== '' && { registry }),
    keepImage: false,
  };
  const wrong = new Set(SwarmOptions.safeParse(asked).error?.issues.map(({ path }) => path[0]));
  return {
    asked,
    problems: {
      ...(wrong.has('constraints') && { constraints: 'ui.swarm.bad.constraints' as const }),
      ...(wrong.has('maxConcurrent') && { maxConcurrent: 'ui.swarm.bad.maxConcurrent' as const }),
      ...(wrong.has('registry') && { registry: 'ui.swarm.bad.registry' as const }),
    },
  };
}

/** The words of the command line that ask for the same. */
export const swarmWords = ({ constraints, maxConcurrent, registry }: SwarmOptions): string[] => [
  '--swarm',
  ...constraints.flatMap((one) => ['--constraint', one]),
  ...(maxConcurrent === undefined ? [] : ['--max-concurrent', String(maxConcurrent)]),
  ...(registry === undefined ? [] : ['--registry', registry]),
];
