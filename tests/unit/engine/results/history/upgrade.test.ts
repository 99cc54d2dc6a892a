import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { schemaVersion } from '../../../../../main/contract/run/run';
import { upgraders } from '../../../../../main/engine/results/history/upgrade';

test('every version of the format has an upgrader to the next one, and an entry in its changelog', () => {
  const changelog = readFileSync(
    path.resolve(import.meta.dirname, '../../../../../assets/schema/CHANGELOG.md'),
    'utf8',
  );
  const told = [...changelog.matchAll(/^## (\d+)$/gm)].map((match) => Number(match[1]));
  expect(told).toEqual(Array.from({ length: schemaVersion }, (_, at) => schemaVersion - at));
  expect(upgraders).toHaveLength(schemaVersion - 1);
});
