/**
 * `vite-node batch.ts PARSER SEED RUNS FILE`: gives one parser as many inputs, in a process of its own that can be ended when it hangs. The input that is
 * being taken stands in FILE; what was wrong is printed as JSON, made as small as it still goes wrong with.
 */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { mistakeOf, parsers, type Input } from './parsers';

const [name, seed, runs, file] = process.argv.slice(2) as [string, string, string, string];
const parser = parsers.find((one) => one.name === name);
if (!parser) throw new Error(`no such parser: there are ${parsers.map((one) => one.name).join(', ')}`);

let last: Error | undefined;
const takes = fc.asyncProperty(parser.inputs, async (input: Input) => {
  writeFileSync(file, input.told());
  const mistake = await mistakeOf(parser, input);
  last = mistake ?? last;
  return mistake === undefined;
});
const result = await fc.check(takes, { seed: Number(seed), numRuns: Number(runs) });
const input = result.counterexample?.[0];
if (input) writeFileSync(file, input.told());
console.log(
  JSON.stringify({ runs: result.numRuns, ...(result.failed && { mistake: last?.stack ?? 'unknown' }) }),
);
process.exit(0);
