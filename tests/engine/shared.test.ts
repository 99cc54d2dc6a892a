/** Three applications as containers and in one machine together: the same answers, one sum, and nothing left. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Trial } from '../../main/contract/run/run';
import { doJob } from '../../main/doors/doJob';
import { builtin, runToEnd, testEngine } from '../support/engine';
import { leftovers } from '../support/leaks';

test('applications in one machine answer as elsewhere, know their values, and add up to no more than it takes', async () => {
  const engine = testEngine();
  const web = builtin('web', 128);
  const run = await runToEnd(engine, {
    name: 'shared',
    // two of one image have one disk, and each its own values
    workloads: [
      web,
      { ...web, name: 'again', environment: { SECRET: 'of the second alone' } },
      builtin('worker', 256),
    ],
    targets: ['container', 'vm:shared'],
    arrangement: 'together',
    trials: 1,
    warmups: 0,
    soakMs: 200,
  });
  expect(run.trials.map(({ outcome, failure }) => failure ?? outcome)).toEqual(Array(6).fill('ok'));
  const of = (target: string) => run.trials.filter((trial) => trial.target === target);
  const answers = (trials: Trial[]) => trials.map(({ workload, answerSha256 }) => [workload, answerSha256]);
  const [inContainers, inMachine] = [of('container'), of('vm:shared')];
  expect(answers(inMachine)).toEqual(answers(inContainers));
  expect(inMachine.map(({ answerSha256 }) => answerSha256?.length)).toEqual([64, 64, 64]);

  const machine = run.rounds.find(({ target }) => target === 'vm:shared')!.machine!;
  expect(machine.phases.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['start', 'spawned', 'init', 'waiting']),
  );
  expect(machine.memory.reservedBytes).toBe(512 * 1024 ** 2);
  const sum = inMachine.reduce((bytes, { memory }) => bytes + memory.guestUsedBytes!, 0);
  expect(machine.memory.hostBytes).toBeGreaterThan(sum);
  expect(machine.cpuMs).toBeGreaterThan(0);

  const line = run.environment.commands.find(({ target }) => target === 'vm:shared')!.line.join(' ');
  expect(line.match(/-drive /g)).toHaveLength(2);
  expect(line.match(/-netdev /g)).toHaveLength(3);
  expect(JSON.stringify(run)).not.toContain('of the second alone');
  await engine.close();
  expect(leftovers(run.session)).toEqual([]);
  rmSync(engine.dataFolder, { recursive: true });
});

test('two of them have one kernel in common, and each has its own namespaces', async () => {
  const engine = testEngine();
  const { subjects } = await doJob(engine, 'isolation', { targets: ['vm:shared'], openings: {} });
  expect(subjects[0]).not.toHaveProperty('failure');
  expect(subjects[0]!.neighbours).toEqual({
    same: ['kernel', 'boot', 'memory', 'processors'],
    apart: ['hostname', 'namespaces', 'interfaces'],
  });
  await engine.close();
  rmSync(engine.dataFolder, { recursive: true });
});
