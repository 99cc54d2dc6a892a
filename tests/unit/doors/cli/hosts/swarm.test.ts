import { Command, CommanderError } from 'commander';
import { expect, it, test } from 'vitest';
import { addSwarm, chosenSwarm, type SwarmWords } from '../../../../../main/doors/cli/hosts/swarm';

function chosen(...words: string[]) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  command.option('--host <host>').option('--hosts <file>');
  addSwarm(command, (key) => key).parse(words, { from: 'user' });
  return chosenSwarm(command.opts<SwarmWords>());
}

it('is no swarm unless one is asked for', () => {
  expect(chosen()).toBeUndefined();
  expect(chosen('--host', 'bench1')).toBeUndefined();
  expect(chosen('--swarm')).toEqual({ constraints: [], keepImage: false });
});

test.each([
  [['--constraint', 'node.role==worker', '--constraint', 'node.hostname!=a'], 'constraints', 2],
  [['--max-concurrent', '2'], 'maxConcurrent', 2],
  [['--registry', 'registry.example:5000/tare'], 'registry', 'registry.example:5000/tare'],
  [['--keep-image'], 'keepImage', true],
])('is one where %s is said, which is passed over nowhere', (words, name, expected) => {
  const found = chosen(...words)![name as 'registry'] as unknown;
  expect(Array.isArray(found) ? found.length : found).toBe(expected);
});

test.each([
  ['--swarm', '--host', 'bench1'],
  ['--constraint', 'node.role==worker', '--hosts', 'hosts.yaml'],
])('is not beside hosts that are named: %s %s', (...words) => {
  expect(() => chosen(...words)).toThrow(CommanderError);
});

test.each([
  ['--constraint', 'node.role'],
  ['--max-concurrent', '0'],
  ['--registry', 'registry.example:5000/tare:latest'],
])('refuses %s %s', (...words) => {
  expect(() => chosen(...words)).toThrow(/bad-input/);
});
