/** How a run on several hosts ends for whoever waits for its exit code. */
import { expect, test } from 'vitest';
import type { Fleet } from '../../../../../main/contract/fleet/fleet';
import { tare } from '../../../../support/commandLine';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../support/fakes/hostRuns';

/** of the first run of a fake engine */
const id = '20260801-130000-0000';
const hosts = [1, 2].map((seed) => ({
  ...okHost(`bench-${seed}`, runOnHost(seed)),
  trials: { of: 18, failed: 0 },
}));
const broken = { ...hosts[1]!, trials: { of: 18, failed: 1 } };

test.each<[string, Partial<Fleet>, number]>([
  ['every host gave a run, and every trial was ok', { hosts }, 0],
  ['a trial failed', { hosts: [hosts[0]!, broken] }, 1],
  ['a host gave none', { hosts: [hosts[0]!, lostHost('bench-2')] }, 1],
  ['no host could begin', { hosts: [lostHost('a')], failure: { code: 'no-host', hosts: 1 } }, 3],
  [
    'no host can have what the plan asks for',
    { hosts: [], failure: { code: 'not-on-hosts', reason: 'hosts-own-disk', what: 'web' } },
    2,
  ],
])('when %s', async (_, change, code) => {
  const fleet = { ...fleetOf([], id), ...change };
  const said = await tare('run quick --host ssh://bench-1', { fleets: [fleet] });
  expect(said.code, said.stderr).toBe(code);
});
