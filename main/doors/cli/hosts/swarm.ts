/** `tare run --swarm`: which nodes of the engine's swarm a plan runs on. */
import { Option, type Command } from 'commander';
import { SwarmOptions } from '../../../contract/fleet/swarm';
import type { MessageKey } from '../../../contract/messages';
import { parsed } from '../../problems';
import { collected } from '../planOptions';

export interface SwarmWords {
  swarm?: boolean;
  constraint?: string[];
  maxConcurrent?: string;
  registry?: string;
  keepImage?: boolean;
}

/** What is only said of a swarm must not be passed over on this computer alone. */
const onSwarm = { swarm: true };

export const addSwarm = (command: Command, say: (key: MessageKey) => string): Command =>
  command
    .addOption(new Option('--swarm', say('cli.option.swarm')).conflicts(['host', 'hosts']))
    .addOption(
      new Option('--constraint <constraint>', say('cli.option.constraint'))
        .argParser(collected)
        .implies(onSwarm),
    )
    .addOption(new Option('--max-concurrent <n>', say('cli.option.max-concurrent')).implies(onSwarm))
    .addOption(new Option('--registry <name>', say('cli.option.registry')).implies(onSwarm))
    .addOption(new Option('--keep-image', say('cli.option.keep-image')).implies(onSwarm));

/**
 * Undefined where no swarm is asked for.
 * @throws {TareError} `bad-input`
 */
export function chosenSwarm({
  swarm,
  constraint,
  maxConcurrent,
  registry,
  keepImage,
}: SwarmWords): SwarmOptions | undefined {
  if (!swarm) return undefined;
  return parsed(SwarmOptions, {
    ...(constraint && { constraints: constraint }),
    ...(maxConcurrent !== undefined && { maxConcurrent: Number(maxConcurrent) }),
    ...(registry !== undefined && { registry }),
    ...(keepImage !== undefined && { keepImage }),
  });
}
