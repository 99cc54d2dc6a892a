import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../../main/contract/plan';
import type { Run } from '../../../../main/contract/run/run';
import { makeReport } from '../../../../main/engine/results/report/report';
import { tare, type Circumstances } from '../../../support/commandLine';
import { fakeRun } from '../../../support/fakes/fakeRun';

const cwd = mkdtempSync(path.join(os.tmpdir(), 'tare-ab-'));
afterAll(() => rmSync(cwd, { recursive: true }));
for (const name of ['one', 'two']) {
  mkdirSync(path.join(cwd, name));
  writeFileSync(path.join(cwd, name, 'Dockerfile'), 'FROM scratch\n');
}
const planFile = (name: string, more: object = {}) => {
  const workload = {
    name: 'app',
    image: { kind: 'builtin', name: 'web' },
    port: 8080,
    limits: { memoryBytes: '64M' },
  };
  writeFileSync(
    path.join(cwd, name),
    JSON.stringify({ workloads: [workload], targets: ['vm:direct'], trials: 4, ...more }),
  );
};
planFile('a.json');
planFile('b.json', { soakMs: '5s' });
planFile('elsewhere.json', { targets: ['container'] });

const planOf = async (words: string): Promise<Plan> => {
  const { engine, code, stderr } = await tare(`ab ${words}`, { cwd });
  expect(code, stderr).toBe(0);
  return (engine.inputs.startRun as { plan: Plan }).plan;
};

describe('the two sides', () => {
  test('may be images', async () => {
    const plan = await planOf('nginx:1.27 nginx:1.28 --memory 128M');
    expect(plan.workloads).toMatchObject([
      { name: 'a', image: { reference: 'nginx:1.27' }, limits: { memoryBytes: 128 * 2 ** 20 } },
      { name: 'b', image: { reference: 'nginx:1.28' }, limits: { memoryBytes: 128 * 2 ** 20 } },
    ]);
    expect(plan).toMatchObject({
      targets: ['container'],
      trials: 10,
      ab: { sides: 'workloads', a: 'a', b: 'b' },
    });
  });

  test('may be folders with a Dockerfile', async () => {
    const { workloads, name } = await planOf('one ./two --targets container,vm:micro --trials 4');
    expect(name).toBe('one / two');
    expect(workloads.map(({ image }) => image)).toEqual([
      { kind: 'folder', path: path.join(cwd, 'one') },
      { kind: 'folder', path: path.join(cwd, 'two') },
    ]);
  });

  test('may be targets', async () => {
    const plan = await planOf('container vm:micro');
    expect(plan).toMatchObject({
      targets: ['container', 'vm:micro'],
      ab: { sides: 'targets', a: 'container', b: 'vm:micro' },
    });
  });

  test('may be plans, which keep their own number of trials', async () => {
    const plan = await planOf('a.json b.json');
    expect(plan).toMatchObject({
      targets: ['vm:direct'],
      trials: 4,
      workloads: [{ name: 'a' }, { name: 'b' }],
    });
  });

  test('may be the same with other settings', async () => {
    const { workloads } = await planOf('nginx --a memory=64M --b memory=128M --b env.MODE=fast --b cpus=2');
    expect(workloads).toMatchObject([
      { image: { reference: 'nginx' }, limits: { memoryBytes: 2 ** 26 }, environment: {} },
      {
        image: { reference: 'nginx' },
        limits: { memoryBytes: 2 ** 27, cpus: 2 },
        environment: { MODE: 'fast' },
      },
    ]);
    expect((await planOf('--b memory=128M')).workloads).toMatchObject([
      { image: { name: 'web' } },
      { image: { name: 'web' }, limits: { memoryBytes: 2 ** 27 } },
    ]);
  });

  test('may have been made of commits, which are no settings', async () => {
    const typed = ['ab', 'one', './two', '--minimum', '10%'];
    const commit = (side: string, id: string, date: string) => [`--${side}`, `commit=${id} ${date}`];
    const [a, b] = [
      { id: 'a'.repeat(40), date: '2026-11-20' },
      { id: 'b1b1b1b', date: '2026-11-24' },
    ];
    const words = [...typed, ...commit('a', a.id, a.date), ...commit('b', b.id, b.date)];
    const { engine, code, stderr } = await tare(words, { cwd });
    expect(code, stderr).toBe(0);
    const { plan } = engine.inputs.startRun as { plan: Plan };
    expect(plan).toMatchObject({ commits: { a, b }, ab: { minimumEffect: 0.1 } });
    for (const wrong of [commit('b', b.id, ''), commit('b', 'main', b.date), []]) {
      const refused = await tare([...typed, ...commit('a', a.id, a.date), ...wrong], { cwd });
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('commit of both sides')]);
    }
  });

  test.each([
    ['nginx nginx', 'Both sides are the same'],
    ['nginx', 'Both sides are the same'],
    ['a.json elsewhere.json', 'the same targets'],
    ['container vm:micro --a memory=64M', 'as they are'],
    ['nginx --b colour=red', '“colour=red”'],
    ['nginx --b memory=much', '“much”'],
    ['nginx:1 nginx:2 --minimum lots', '“lots”'],
    ['one ./two --a commit=aaaaaaa --b commit=bbbbbbb', 'commit of both sides'],
  ])('%s is refused before anything is measured', async (words, said) => {
    const { code, stderr, engine } = await tare(`ab ${words}`, { cwd });
    expect(code).toBe(2);
    expect(stderr.replace(/\s+/g, ' ')).toContain(said);
    expect(engine.log).not.toContain('startRun');
  });
});

/** The run is given its report at its end; `factors` say how much slower B is, run by run. */
function slower(...factors: number[]): Circumstances {
  const left = [...factors];
  return {
    cwd,
    ending(run: Run) {
      const factor = left.shift() ?? 1;
      const made = fakeRun({
        plan: run.plan,
        change: (trial) => trial.workload === 'b' && (trial.readyMs! *= factor),
      });
      Object.assign(run, { trials: made.trials, report: makeReport({ ...made, plan: run.plan }, []) });
    },
  };
}

describe('as a gate', () => {
  const gate = 'ab nginx:1 nginx:2 --fail-on regression';

  test('exits with 4 when B is worse, and only when it is asked to', async () => {
    const { code, stdout } = await tare(gate, slower(1.5));
    expect(code).toBe(4);
    expect(stdout).toMatch(/! b takes 1\.\d+ × as long to be ready as a/);
    expect((await tare('ab nginx:1 nginx:2', slower(1.5))).code).toBe(0);
    expect((await tare(gate, slower(1))).code).toBe(0);
    expect((await tare(gate, slower(0.5))).code).toBe(0);
  });

  test('--confirm fails only when a second run finds it too, and tells both', async () => {
    const agreed = await tare(`${gate} --confirm`, slower(1.5, 1.5));
    expect(agreed.code).toBe(4);
    expect(agreed.engine.log.filter((call) => call === 'startRun')).toHaveLength(2);
    expect(agreed.stdout).toContain('found in both runs');
    const luck = await tare(`${gate} --confirm`, slower(1.5, 1));
    expect(luck.code).toBe(0);
    expect(luck.stdout.replace(/\s+/g, ' ')).toContain('did not find the regression again');
    const fine = await tare(`${gate} --confirm`, slower(1));
    expect(fine.engine.log.filter((call) => call === 'startRun')).toHaveLength(1);
  });

  test('the second run has an order of its own, and both records are written', async () => {
    const out = path.join(cwd, 'gate.json');
    const { engine } = await tare(
      [...gate.split(' '), '--confirm', '--seed', '7', '--out', out],
      slower(1.5, 1.5),
    );
    const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Run;
    const runs = [out, path.join(cwd, 'gate-confirm.json')].map(read);
    expect(runs.map(({ plan }) => plan.seed)).toEqual([7, 8]);
    expect(runs[0]!.id).not.toBe(runs[1]!.id);
    expect(engine.log.filter((call) => call === 'startRun')).toHaveLength(2);
  });

  test('--json prints every run and what was found', async () => {
    const { stdout, code } = await tare(`${gate} --confirm --json`, slower(1.5, 1.5));
    const told = JSON.parse(stdout) as { runs: Run[]; regression: boolean };
    expect([code, told.runs.length, told.regression]).toEqual([4, 2, true]);
  });

  test('a trial that failed is no success', async () => {
    const failing: Circumstances = { cwd, ending: (run) => void (run.trials[0]!.outcome = 'failed') };
    expect((await tare(gate, failing)).code).toBe(1);
  });
});
