/** The published description of the lines of `tare run --events`: `UPDATE_SCHEMA=1 npx vitest run --project unit tests/unit/schema` */
import { expect, test } from 'vitest';
import { Failure } from '../../../main/contract/failures';
import { Fleet } from '../../../main/contract/fleet/fleet';
import { Plan } from '../../../main/contract/plan';
import { HostsReport } from '../../../main/contract/report/fleet';
import { ChartSpec, Message, Report, Table, Verdict } from '../../../main/contract/report/report';
import { Environment, Run, Sample, Trial } from '../../../main/contract/run/run';
import { StreamLine, streamVersion } from '../../../main/contract/run/stream';
import { tare } from '../../support/commandLine';
import { expectPublished, validatorOf } from './published';

test('the published schema is the contract’s', () =>
  expectPublished('events.schema.json', {
    record: StreamLine,
    named: {
      ...{ Failure, Plan, ChartSpec, Message, Report, Table, Verdict, Environment, Trial },
      ...{ Run, HostsReport, Fleet, Sample },
    },
    title: `A line of tare run --events, schemaVersion ${streamVersion}`,
  }));

test('every line is valid by it, for a validator that knows nothing of Tare', async () => {
  const validate = validatorOf('events.schema.json');
  const { stdout } = await tare('run quick --events');
  for (const line of stdout.split('\n').filter(Boolean)) {
    validate(JSON.parse(line));
    expect(validate.errors, line.slice(0, 200)).toBeNull();
  }
  expect(validate({ kind: 'start', schemaVersion: 2, version: '9.0.0' })).toBe(false);
});
