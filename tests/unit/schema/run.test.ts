/**
 * The published description of run.json. It follows from the contract, so it is written by this test and never by hand:
 * `UPDATE_SCHEMA=1 npx vitest run --project unit tests/unit/schema`
 */
import type { ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../main/contract/failures';
import { Plan } from '../../../main/contract/plan';
import { ChartSpec, Message, Report, Table, Verdict } from '../../../main/contract/report/report';
import { Environment, Run, schemaVersion, Trial } from '../../../main/contract/run/run';
import { everyFailure } from '../../support/fakes/failures';
import { fakeReportedRun, fakeRun } from '../../support/fakes/fakeRun';
import { expectPublished, validatorOf } from './published';

test('the published schema is the contract’s', () =>
  expectPublished('run.schema.json', {
    record: Run,
    named: { Failure, Plan, ChartSpec, Message, Report, Table, Verdict, Environment, Trial },
    title: `Tare run, schemaVersion ${schemaVersion}`,
  }));

describe('by the published schema, for a validator that knows nothing of Tare,', () => {
  let validate: ValidateFunction;
  beforeAll(() => {
    validate = validatorOf('run.schema.json');
  });
  const kept = (run: unknown): unknown => JSON.parse(JSON.stringify(run));

  test.each([
    { what: 'a quick run', run: fakeReportedRun() },
    { what: 'three apps', run: fakeReportedRun({ preset: 'three-apps' }) },
    { what: 'a run that was cut off', run: { ...fakeRun(), state: 'interrupted', endedAt: undefined } },
    {
      what: 'a name in capitals',
      run: fakeRun({ plan: { workloads: [{ ...fakeRun().plan.workloads[0]!, name: 'Web' }] } }),
    },
    { what: 'a field of a later Tare', run: { ...fakeRun(), comment: 'x' } },
  ])('$what is valid', ({ run }) => {
    validate(kept(run));
    expect(validate.errors).toBeNull();
  });

  test.each(everyFailure)('a run that failed with $code is valid', (failure) => {
    validate(kept({ ...fakeRun(), state: 'failed', failure }));
    expect(validate.errors).toBeNull();
  });

  test.each([
    { what: 'without trials', change: { trials: undefined } },
    { what: 'of another version', change: { schemaVersion: 1 } },
    { what: 'with an unknown state', change: { state: 'merry' } },
    { what: 'with text for a number', change: { trials: [{ ...fakeRun().trials[0]!, readyMs: '12' }] } },
    { what: 'with a target that is none', change: { trials: [{ ...fakeRun().trials[0]!, target: 'vm' }] } },
    { what: 'with an unknown failure', change: { failure: { code: 'tired' } } },
  ])('a run $what is refused', ({ change }) => {
    expect(validate(kept({ ...fakeRun(), ...change }))).toBe(false);
    expect(Run.safeParse({ ...fakeRun(), ...change }).success).toBe(false);
  });
});
