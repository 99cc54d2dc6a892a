import { expect, it } from 'vitest';
import { SwarmOptions } from '../../../../../main/contract/fleet/swarm';
import { readSwarm, swarmWords } from '../../../../../renderer/pages/compare/hosts/swarmDraft';

const empty = { constraints: '', maxConcurrent: '', registry: '' };

it('says nothing of what is empty: all nodes, at once', () => {
  const { asked, problems } = readSwarm({ ...empty, constraints: ' , ' });
  expect(asked).toEqual(SwarmOptions.parse({}));
  expect(problems).toEqual({});
  expect(swarmWords(asked)).toEqual(['--swarm']);
});

it('reads what was typed as the command line would', () => {
  const { asked, problems } = readSwarm({
    constraints: 'node.labels.kind==bench, node.role != manager',
    maxConcurrent: ' 2',
    registry: 'registry.example:5000/tare ',
  });
  expect(problems).toEqual({});
  expect(swarmWords(asked)).toEqual([
    ...['--swarm', '--constraint', 'node.labels.kind==bench', '--constraint', 'node.role != manager'],
    ...['--max-concurrent', '2', '--registry', 'registry.example:5000/tare'],
  ]);
});

it.each([
  [{ constraints: 'bench' }, 'constraints'],
  [{ constraints: 'node.role==manager,bench' }, 'constraints'],
  [{ maxConcurrent: '0' }, 'maxConcurrent'],
  [{ maxConcurrent: 'two' }, 'maxConcurrent'],
  [{ registry: 'tare:latest' }, 'registry'],
])('tells what is wrong with %j at its own field', (typed, field) => {
  expect(readSwarm({ ...empty, ...typed }).problems).toEqual({ [field]: `ui.swarm.bad.${field}` });
});
