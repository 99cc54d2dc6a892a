/** The published descriptions of records follow from the contract, so they are written by tests and never by hand. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect } from 'vitest';
import { z } from 'zod';

const remedy = 'changed: UPDATE_SCHEMA=1 npx vitest run --project unit tests/unit/schema';

export interface Part {
  zodSchema: z.core.$ZodType;
  jsonSchema: z.core.JSONSchema.BaseSchema;
  path: (string | number)[];
}

interface Description {
  record: z.ZodType;
  /** parts that it names */
  named: Record<string, z.ZodType>;
  title: string;
  /**
   * `output`: what a reader of a kept record meets, with every default filled in. A later Tare may add a field without a new schemaVersion,
   * so unknown ones pass. `input`: what people write, in the form that editors know best
   */
  io?: 'output' | 'input';
  /** changes the description of a part */
  adjust?: (part: Part) => void;
}

function schemaOf({ record, named, title, io = 'output', adjust }: Description): object {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) names.add(schema, { id });
  const schema = z.toJSONSchema(record, {
    io,
    target: io === 'output' ? 'draft-2020-12' : 'draft-7',
    metadata: names,
    override: (context) => {
      const { jsonSchema } = context;
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // zod's own name, at which a strict validator stops; the pattern beside it says the same
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
      adjust?.(context);
    },
  });
  return { ...schema, title };
}

const fileOf = (name: string): string => path.resolve(import.meta.dirname, '../../../assets/schema', name);

export const published = (name: string): object => JSON.parse(readFileSync(fileOf(name), 'utf8')) as object;

/** A validator that knows nothing of Tare. Some values are texts or numbers, which ajv warns of unless it is told. */
export const validatorOf = (name: string): ValidateFunction =>
  new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(published(name));

/** Holds the published file against the contract; writes it where that is asked for. */
export async function expectPublished(name: string, description: Description): Promise<void> {
  const file = fileOf(name);
  const config = await resolveConfig(file);
  const text = await format(JSON.stringify(schemaOf(description)), { ...config, parser: 'json' });
  if (process.env.UPDATE_SCHEMA) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8') === text, remedy).toBe(true);
}
