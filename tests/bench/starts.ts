/** Tare's readyMs beside the same start by hand, in turns within one run. */
import type { TargetId } from '../../main/contract/targets';
import { median } from '../../main/engine/statistics/summary';
import { builtin, runToEnd, testEngine } from '../support/engine';
import { byHand } from './byHand';
import { figure } from './figures';

export async function compareStarts(target: TargetId, rounds = 9): Promise<void> {
  const engine = testEngine();
  const plan = {
    name: 'bench',
    workloads: [builtin('web')],
    targets: [target],
    trials: 1,
    soakMs: 0,
    coolDownMs: 500,
  };
  const first = await runToEnd(engine, plan);
  const { line } = first.environment.commands[0]!;
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const ourTurn = async () => {
      const { trials, failure } = await runToEnd(engine, { ...plan, warmups: 0 });
      if (trials[0]?.readyMs === undefined) throw new Error(JSON.stringify(failure ?? trials[0]?.failure));
      ours.push(trials[0].readyMs);
    };
    const theirTurn = async () => void theirs.push(await byHand(target, line));
    for (const turn of round % 2 === 0 ? [ourTurn, theirTurn] : [theirTurn, ourTurn]) await turn();
  }
  figure(`${target}: readyMs by Tare`, ours);
  figure(`${target}: by hand, in a shell`, theirs);
  console.log(
    `${'ratio of the medians, Tare / by hand'.padEnd(52)} ${(median(ours) / median(theirs)).toFixed(3)}`,
  );
  await engine.close();
}
