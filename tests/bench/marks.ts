/** What it costs to see the phases of a start: the same start by hand with and without what Tare adds for its marks, in turns. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { firmwareTrace } from '../../main/engine/measure/targets/qemu/arguments';
import type { TargetId } from '../../main/contract/targets';
import { median } from '../../main/engine/results/statistics/summary';
import { builtin, runToEnd, testEngine } from '../support/engine';
import { byHand } from './byHand';
import { figure } from './figures';

const rounds = 15;

/** While it lives, the engine tells of every start, as it tells Tare. */
async function besideEvents(start: () => Promise<number>): Promise<number> {
  const child = spawn('docker', ['events', '--filter', 'type=container', '--filter', 'type=network'], {
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  try {
    return await start();
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

export async function costOfMarks(): Promise<void> {
  const engine = testEngine();
  const targets: TargetId[] = ['container', 'vm:direct', 'vm:micro'];
  const plan = { name: 'bench', workloads: [builtin('web')], targets, trials: 1, warmups: 0, soakMs: 0 };
  const { commands } = (await runToEnd(engine, plan)).environment;
  await engine.close();
  for (const { target, line } of commands) {
    const plain = () => byHand(target, line);
    const watched = () =>
      target === 'container' ? besideEvents(plain) : byHand(target, [...line, ...firmwareTrace]);
    const [without, beside]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const turns = [async () => without.push(await plain()), async () => beside.push(await watched())];
      for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    figure(`${target}: by hand, nobody looking`, without);
    figure(`${target}: by hand, phases marked`, beside);
    const cost = (median(beside) / median(without) - 1) * 100;
    console.log(`${`${target}: cost of the marks`.padEnd(52)} ${cost.toFixed(1)} %`);
  }
}
