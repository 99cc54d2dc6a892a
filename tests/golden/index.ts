/**
 * `npm run golden [-- --record NAME] [-- --update]`: what Tare makes of the golden records, held against what it is expected to make of them;
 * with --update that is what is expected from now on. Ends with 1 where something differs and is not written.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { differences } from './difference';
import { expectedFile, openBench, recordNames } from './harness';
import { outputsOf, outputsTogether, together } from './outputs';
import { readPacked, writePacked } from './packed';

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: { update: { type: 'boolean', default: false }, record: { type: 'string', multiple: true } },
});
const known = [...recordNames, together];
const unknown = asked.record?.filter((name) => !known.includes(name)) ?? [];
if (unknown.length > 0) throw new Error(`no such record: ${unknown.join(', ')}`);

await using bench = openBench();
let parted = 0;
for (const name of asked.record ?? known) {
  const found = name === together ? await outputsTogether(bench) : await outputsOf(bench, name);
  const file = expectedFile(name);
  const told = differences(name, existsSync(file) ? readPacked(file) : {}, found);
  if (told.length > 0) console.log(told.join('\n\n') + '\n');
  parted += told.length;
  if (asked.update && writePacked(file, found)) console.log(`${name}: written\n`);
}
console.log(parted === 0 ? 'Nothing differs.' : `${parted} outputs differ.`);
if (parted > 0 && !asked.update) process.exitCode = 1;
