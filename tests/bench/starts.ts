/** The built program's readyMs beside the same start by hand, start by start in turns. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Run } from '../../main/contract/run/run';
import { kindOf, type TargetId } from '../../main/contract/targets';
import { pairedRatio } from '../../main/engine/results/statistics/contrast';
import { sharedCache } from '../support/cache';
import { builtin } from '../support/engine';
import { byHand, containerByCalls } from './byHand';
import { figure } from './figures';

const built = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');

/** The built command line, in a folder of its own with the tests' cache. */
function openBuilt() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-starts-'));
  symlinkSync(sharedCache(), path.join(folder, 'tare'));
  const env = { ...process.env, XDG_CACHE_HOME: folder };
  return {
    /** A run of one start, which has to succeed. */
    run(target: TargetId, warmups: number): Run {
      const plan = path.join(folder, 'plan.json');
      const workloads = [builtin('web')];
      writeFileSync(
        plan,
        JSON.stringify({ name: 'bench', workloads, targets: [target], trials: 1, warmups, soakMs: 0 }),
      );
      const data = path.join(folder, 'data');
      const words = [built, 'run', plan, '--data-folder', data, '--anyway', '--quiet', '--json'];
      return JSON.parse(execFileSync(process.execPath, words, { env, maxBuffer: 1e9 }).toString()) as Run;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

const readyMs = ({ trials, failure }: Run): number => {
  const [trial] = trials;
  if (trial?.readyMs === undefined) throw new Error(JSON.stringify(failure ?? trial?.failure));
  return trial.readyMs;
};

export async function compareStarts(target: TargetId, rounds = 12): Promise<void> {
  const program = openBuilt();
  try {
    const { line } = program.run(target, 1).environment.commands[0]!;
    const ways: Record<string, () => number | Promise<number>> = {
      'by the built program': () => readyMs(program.run(target, 0)),
      'by hand, from its line': () => byHand(target, line),
      ...(kindOf(target) === 'container' && { 'by hand, by two calls': () => containerByCalls(line) }),
    };
    const took = new Map(Object.keys(ways).map((way) => [way, [] as number[]]));
    for (let round = 0; round < rounds; round += 1) {
      const turns = Object.entries(ways);
      for (const [way, start] of round % 2 === 0 ? turns : turns.reverse())
        took.get(way)!.push(await start());
    }
    const [ours, ...others] = [...took];
    for (const [way, values] of took) figure(`${target}: ${way}`, values);
    for (const [way, values] of others) {
      const { value, interval } = pairedRatio(values.map((hand, round) => [hand, ours![1][round]!]));
      const [low, high] = [interval!.low, interval!.high].map((edge) => edge.toFixed(3));
      console.log(
        `${`built program / ${way}`.padEnd(52)} ${value.toFixed(3)}  (95 %: ${low} to ${high}, n=${rounds})`,
      );
    }
  } finally {
    program.close();
  }
}
