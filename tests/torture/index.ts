/**
 * `npm run torture [-- --minutes N] [--seed S] [--only KIND [--case N]]`: attacks the built program in every way that is known, for as long
 * as it is told to, and prints what came of it. Ends with 1 when something was wrong.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { kinds } from './kinds';
import { nextKind, oneCase, type Told } from './schedule';
import { openStage } from './stage/stage';
import { resultTable } from './table';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
    case: { type: 'string' },
  },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const chosen = kinds.filter(({ name }) => !values.only || values.only.includes(name));
if (chosen.length === 0)
  throw new Error(`no such kind: there are ${kinds.map(({ name }) => name).join(', ')}`);
const only = values.case === undefined ? undefined : Number(values.case);
const endsAtMs = performance.now() + Number(values.minutes) * 60_000;

console.log(
  `seed ${seed}; ends after ${values.minutes} minutes, or after the attack that is stopped by Ctrl-C`,
);
let stopped = false;
process.once('SIGINT', () => (stopped = true));

const stage = await openStage();
const told: Told[] = [];
try {
  const next = nextKind(chosen, seed);
  do {
    const { kind, number } = only === undefined ? next() : { kind: chosen[0]!, number: only };
    const one = await oneCase(stage, kind, number, seed);
    told.push(one);
    const mark = one.wrong.length === 0 ? '✓' : '✗';
    console.log(
      `${mark} ${kind.name} ${number}  ${(one.elapsedMs / 1000).toFixed(1)} s  ${one.what.slice(0, 200)}`,
    );
    for (const sentence of one.wrong) console.log(`    ${sentence}`);
    if (one.wrong.length > 0)
      console.log(`    again: npm run torture -- --seed ${seed} --only ${kind.name} --case ${number}`);
    if (one.evidence) console.log(`    evidence: ${one.evidence}`);
  } while (only === undefined && !stopped && performance.now() < endsAtMs);
} finally {
  await stage.close();
}
console.log(`\n${resultTable(chosen, told)}`);
process.exit(told.some(({ wrong }) => wrong.length > 0) ? 1 : 0);
