import { expect, test } from 'vitest';
import { Plan, type PlanInput } from '../../../main/contract/plan';
import {
  fieldAt,
  planFields,
  planWith,
  readFields,
  textsOf,
  workloadWith,
  type FieldId,
} from '../../../main/contract/planFields';

const typed: Record<FieldId, string | string[] | true> = {
  ...{ image: 'nginx:1.27', build: '/srv/shop', workload: 'api', disk: '/srv/a.img', name: 'shop' },
  ...{ environment: ['A=1', 'B'], outgoing: true, values: true, port: '80', path: '/health' },
  ...{ targets: 'container, vm:direct', trials: '3', memory: '1.5G', cpus: '.5', seed: '7' },
  ...{ precision: '5 %', budget: '1m30s', soak: '5s', cold: true, timeout: '90s', floor: '1G' },
  ...{ most: '4', ladders: '2', prove: true, load: '200', loadTime: '10s', lifecycle: true },
  ...{ command: `serve --name 'a b'`, expect: 'PONG', warmups: '2' },
};
const base: PlanInput = {
  name: 'base',
  workloads: [
    {
      name: 'web',
      image: { kind: 'builtin', name: 'web' },
      probe: { kind: 'tcp', expect: 'x' },
      limits: { memoryBytes: 2 ** 29 },
    },
  ],
  targets: ['container'],
  trials: 1,
};

test.each(Object.keys(planFields) as FieldId[])('%s has its place in a plan', (id) => {
  const { values, wrong } = readFields({ [id]: typed[id] });
  expect(wrong).toEqual([]);
  const workloads = base.workloads.map((one) => workloadWith(one, values));
  const plan = planWith({ ...base, workloads }, values);
  expect(plan).not.toEqual(base);
  const { path } = planFields[id];
  const steps = path.split('.').flatMap((step) => (step === 'workloads' ? [step, 0] : [step]));
  const found = steps.reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], plan);
  expect(found).toEqual(values[id]);
  expect(fieldAt(steps)).toMatchObject({ id: path === 'workloads.image' ? 'image' : id });
  // what is printed is read as the same again
  const [input] = path.startsWith('workloads.') ? plan.workloads : [plan];
  const text = textsOf(input, [id])[id];
  expect(readFields({ [id]: found === true || text.split('\n') }).values).toEqual(values);
});

test('fields of one plan are read together, and what cannot be read is told in their order', () => {
  const plan = (values: ReturnType<typeof readFields>['values']) =>
    Plan.parse(
      planWith({ ...base, workloads: base.workloads.map((one) => workloadWith(one, values)) }, values),
    );
  const { trials, memory, environment } = typed;
  const { values } = readFields({ trials, memory, environment });
  expect(plan(values)).toMatchObject({
    trials: 3,
    workloads: [{ environment: { A: '1', B: null }, limits: { memoryBytes: 1.5 * 2 ** 30, cpus: 1 } }],
  });
  expect(readFields({ memory: 'lots', port: 'http', environment: '=x' }).wrong).toEqual([
    { id: 'environment', text: '=x' },
    { id: 'port', text: 'http' },
    { id: 'memory', text: 'lots' },
  ]);
});
