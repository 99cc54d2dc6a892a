/** What Tare makes of records that were made before the code was restructured is, byte by byte, what it made of them then: README.md. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from './difference';
import { expectedFile, openBench, recordNames, type Bench } from './harness';
import { outputsOf, outputsTogether, together } from './outputs';
import { readPacked, type Texts } from './packed';

/** More of them say no more. */
const mostShown = 8;

let bench: Bench;
beforeAll(() => void (bench = openBench()));
afterAll(() => bench[Symbol.asyncDispose]());

function hold(name: string, found: Texts): void {
  const file = expectedFile(name);
  const parted = differences(name, existsSync(file) ? readPacked(file) : {}, found);
  const more = parted.length > mostShown ? [`… and ${parted.length - mostShown} more`] : [];
  if (parted.length > 0) expect.fail([...parted.slice(0, mostShown), ...more].join('\n\n'));
}

test.each(recordNames)('%s', async (record) => hold(record, await outputsOf(bench, record)), 60_000);

test('lists, steps and comparisons', async () => hold(together, await outputsTogether(bench)), 60_000);
