/** The published description of plans as people write them: `UPDATE_SCHEMA=1 npx vitest run --project unit tests/unit/schema` */
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { parsePlanText } from '../../../main/doors/cli/planText';
import { message } from '../../../main/contract/messages';
import { Plan, PlanInput } from '../../../main/contract/plan';
import { measuringFields, runFields } from '../../../main/contract/planFields';
import { parseBytes, parseMs } from '../../../main/contract/quantities';
import { baseTargets, TargetId } from '../../../main/contract/targets';
import { nameIn } from '../../../main/doors/cli/planOptions';
import { presets } from '../../../main/engine/measure/workloads/presets';
import { expectPublished, published, type Part } from './published';

const size = '^\\s*\\d+(\\.\\d+)?\\s*[kKmMgGtT]?([iI]?[bB])?\\s*$';
const duration = '^\\s*(0|(\\d+(\\.\\d+)?\\s*(ms|s|min|m|h)\\s*)+)\\s*$';

/** Fields that a file writes as the command line does, in the words of their options. */
const described = Object.values({ ...measuringFields, ...runFields }).filter(
  ({ notation: { called } }) => called !== 'share' && called !== 'path' && called !== 'setting',
);

function adjust({ zodSchema, jsonSchema, path }: Part): void {
  // what no plan has is refused
  if (jsonSchema.properties) jsonSchema.additionalProperties = false;
  const last = String(path.at(-1));
  const pattern = last.endsWith('Bytes') ? size : last.endsWith('Ms') ? duration : undefined;
  if (pattern !== undefined) Object.assign(jsonSchema, { type: ['integer', 'string'], pattern });
  // for editors to offer; of each there are more, with levers and runtimes
  if (zodSchema === TargetId) {
    jsonSchema.anyOf = [{ enum: [...baseTargets] }, { pattern: jsonSchema.pattern! }];
    delete jsonSchema.pattern;
  }
  const place = path.filter((step, at) => step !== 'properties' && (step !== 'items' || at !== 2)).join('.');
  const field = described.find((one) => one.path === place);
  if (field) jsonSchema.description = message('en', `cli.option.${nameIn(field.flag)}`);
  if (path.length > 0) return;
  jsonSchema.properties = { $schema: { type: 'string' }, ...jsonSchema.properties };
  jsonSchema.required = jsonSchema.required!.filter((name) => name !== 'name');
}

test('the published schema is the contract’s', () =>
  expectPublished('plan.schema.json', {
    record: PlanInput,
    named: { TargetId },
    title: 'Tare plan',
    io: 'input',
    adjust,
  }));

describe('by the published schema, for an editor that knows nothing of Tare,', () => {
  let validate: ValidateFunction;
  beforeAll(() => {
    validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(published('plan.schema.json'));
  });
  const workload = 'name: a, image: {kind: builtin, name: web}, port: 8080, limits: {memoryBytes: 256M}';
  const plan = `workloads: [{${workload}}]\ntargets: [container, vm:direct+balloon=on]\ntrials: 2\nsoakMs: 1m 30s\n`;

  test.each(presets)('the preset $name is a plan', (preset) => {
    validate(JSON.parse(JSON.stringify(preset)));
    expect(validate.errors).toBeNull();
  });

  test('so is a file without a name, with units, and with the place of the schema', () => {
    validate(parsePlanText(`$schema: ../plan.schema.json\n${plan}`));
    expect(validate.errors).toBeNull();
  });

  test.each([
    ['a misspelt field', plan.replace('trials', 'trails')],
    ['a misspelt field of a workload', plan.replace('port', 'prot')],
    ['an unknown target', plan.replace('vm:direct', 'vm:indirect')],
    ['an unknown unit', plan.replace('256M', '256Q')],
    ['no workload', plan.replace(/\[\{.*\}\]/, '[]')],
  ])('one with %s is refused', (_, text) => expect(validate(parsePlanText(text))).toBe(false));

  test('quantities are those that Tare reads', () => {
    const texts = [
      '0',
      '5',
      '1.5g',
      '512 MiB',
      '256M',
      '1kb',
      '1Q',
      'M',
      '5s',
      '1m30s',
      '1.5 h',
      '5 ms',
      's',
      '',
    ];
    for (const text of texts) {
      expect(new RegExp(size).test(text), text).toBe(parseBytes(text) !== undefined);
      expect(new RegExp(duration).test(text), text).toBe(parseMs(text) !== undefined);
    }
  });
});

test('what people write is what is read', () =>
  expect(Plan.parse(presets[0])).toMatchObject(PlanInput.parse(presets[0])));
