import { expect, it } from 'vitest';
import type { FleetOverview } from '../../../../main/contract/fleet/fleet';
import { whereAgain } from '../../../../renderer/state/hosts/whereAgain';

type Row = FleetOverview['hosts'][number];
const row = (name: string, more: Partial<Row> = {}): Row => ({
  ...{ name, way: 'ssh', address: `ssh://${name}`, outcome: 'ok' },
  ...more,
});
const kept = [
  { name: 'bench1', address: 'ssh://me@bench1' },
  { name: 'moved', address: 'ssh://elsewhere' },
];

it('is measured again where it was, as far as hosts are still what their names say', () => {
  const hosts = [row('here', { way: 'local', address: 'local' }), row('bench1'), row('moved'), row('gone')];
  expect(whereAgain({ hosts }, kept)).toEqual({
    where: { hosts: ['local', 'bench1'] },
    unknown: ['moved', 'gone'],
  });
});

it('asks for all where none is known, so that whoever is asked says which is not', () => {
  expect(whereAgain({ hosts: [row('gone')] }, kept)).toEqual({ where: { hosts: ['gone'] }, unknown: [] });
});

it('goes by the name of a host whose address nobody knows, as of an interrupted run', () => {
  const { way, address, ...interrupted } = row('moved');
  expect([way, address]).toEqual(['ssh', 'ssh://moved']);
  expect(whereAgain({ hosts: [interrupted] }, kept).where).toEqual({ hosts: ['moved'] });
});

it('finds the nodes of a swarm as they were found before', () => {
  const swarm = { constraints: ['node.labels.kind==bench'], maxConcurrent: 2, keepImage: false };
  const node = { name: 'node-1', way: 'swarm' as const, outcome: 'ok' as const };
  expect(whereAgain({ hosts: [node], swarm }, kept)).toEqual({ where: { swarm }, unknown: [] });
});
