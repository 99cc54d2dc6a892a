/** The published description of fleet.json: `UPDATE_SCHEMA=1 npx vitest run --project unit tests/unit/schema` */
import type { ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../main/contract/failures';
import { Fleet, fleetSchemaVersion } from '../../../main/contract/fleet/fleet';
import { Plan } from '../../../main/contract/plan';
import { HostsReport } from '../../../main/contract/report/fleet';
import { ChartSpec, Message, Report, Table, Verdict } from '../../../main/contract/report/report';
import { Environment, Run, Trial } from '../../../main/contract/run/run';
import { fakeReportedRun, fakeRun } from '../../support/fakes/fakeRun';
import { expectPublished, validatorOf } from './published';

test('the published schema is the contract’s', () =>
  expectPublished('fleet.schema.json', {
    record: Fleet,
    named: {
      ...{ Failure, Plan, ChartSpec, Message, Report, Table, Verdict, Environment, Trial },
      ...{ Run, HostsReport },
    },
    title: `Tare run on several hosts, schemaVersion ${fleetSchemaVersion}`,
  }));

const run = fakeReportedRun();
const fleet: Fleet = {
  schemaVersion: fleetSchemaVersion,
  ...{ id: run.id, startedAt: run.startedAt, endedAt: run.endedAt, plan: run.plan },
  hosts: [
    { name: 'bench-1', way: 'local', version: '0.2.0', outcome: 'ok', runId: run.id, run },
    {
      name: 'bench-2',
      way: 'ssh',
      address: 'ssh://bench-2',
      outcome: 'failed',
      failure: { code: 'stopped' },
    },
  ],
};

describe('by the published schema, for a validator that knows nothing of Tare,', () => {
  let validate: ValidateFunction;
  beforeAll(() => {
    validate = validatorOf('fleet.schema.json');
  });
  const kept = (record: unknown): unknown => JSON.parse(JSON.stringify(record));
  const [first, second] = fleet.hosts;

  test.each([
    { what: 'a run on two hosts, of which one gave a reason', record: fleet },
    { what: 'one that is under way', record: { ...fleet, endedAt: undefined, hosts: [] } },
    { what: 'a field of a later Tare', record: { ...fleet, weather: 'rain' } },
  ])('$what is valid', ({ record }) => {
    validate(kept(record));
    expect(validate.errors).toBeNull();
    expect(Fleet.safeParse(record).success).toBe(true);
  });

  test.each([
    { what: 'of another version', change: { schemaVersion: 1 } },
    { what: 'with a host that is called like a path', change: { hosts: [{ ...first, name: '../bench' }] } },
    {
      what: 'with a host that was reached in an unknown way',
      change: { hosts: [{ ...first, way: 'pigeon' }] },
    },
    { what: 'with more hosts than are drawn', change: { hosts: Array(1001).fill(second) } },
    { what: 'with a run that is none', change: { hosts: [{ ...first, run: { ...fakeRun(), trials: 1 } }] } },
  ])('one $what is refused', ({ change }) => {
    expect(validate(kept({ ...fleet, ...change }))).toBe(false);
    expect(Fleet.safeParse({ ...fleet, ...change }).success).toBe(false);
  });
});

test('no two hosts have the same name, whatever a file system thinks of capital letters', () => {
  const [host] = fleet.hosts;
  const twice = { ...fleet, hosts: [host, { ...host, name: 'Bench-1' }] };
  expect(Fleet.safeParse(twice).error?.issues[0]?.message).toBe('host-named-twice');
});
