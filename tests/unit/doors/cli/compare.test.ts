import { expect, test } from 'vitest';
import { RunComparison } from '../../../../main/contract/report/comparison';
import { tare } from '../../../support/commandLine';
import { fakeRun } from '../../../support/fakes/fakeRun';

const base = { ...fakeRun({ preset: 'startup', seed: 1 }), id: '20260801-120000-0001' };
const same = { ...fakeRun({ preset: 'startup', seed: 2 }), id: '20260802-120000-0002' };
const slow = {
  ...fakeRun({ preset: 'startup', seed: 3, change: (trial) => (trial.readyMs! *= 1.4) }),
  id: '20260803-120000-0003',
};
const runs = [base, same, slow];

test('says what became worse, by how much, and lists the figures', async () => {
  const { code, stdout } = await tare(`compare ${base.id} ${slow.id}`, { runs });
  expect(code).toBe(0);
  expect(stdout).toMatch(/! web on container: takes 1\.\d+ × as long to be ready as in the baseline/);
  expect(stdout).toMatch(/Time to ready[^]*container +\d+ ms +\d+ ms +1\.\d+ × \(1\.\d+ – 1\.\d+ ×\)/);
  expect(stdout.indexOf('as long')).toBeLessThan(stdout.indexOf('Time to ready'));
});

test('exits with 4 on a regression only when it is asked to', async () => {
  const compare = async (words: string) => (await tare(`compare ${words}`, { runs })).code;
  expect(await compare(`${base.id} ${slow.id} --fail-on regression`)).toBe(4);
  expect(await compare(`${base.id} ${slow.id} --fail-on regression --json`)).toBe(4);
  expect(await compare(`${base.id} ${same.id} --fail-on regression`)).toBe(0);
  expect(await compare(`${slow.id} ${base.id} --fail-on regression`)).toBe(0);
  expect(await compare(`${base.id} ${slow.id} --fail-on regression --minimum 90%`)).toBe(0);
});

test('--json prints the comparison and nothing else', async () => {
  const { stdout } = await tare(`compare ${base.id} last --json`, { runs });
  const comparison = RunComparison.parse(JSON.parse(stdout));
  expect([comparison.base.id, comparison.other.id]).toEqual([base.id, slow.id]);
  expect(comparison.regression).toBe(true);
});

test('takes the path of a run.json for a baseline, from where one stands', async () => {
  const { code, engine } = await tare(`compare baselines/${base.id}.json last`, { runs, cwd: '/repo' });
  expect(code).toBe(0);
  expect(engine.inputs.compare).toMatchObject({
    base: { path: `/repo/baselines/${base.id}.json` },
    other: { id: slow.id },
  });
});

test.each(['0', '-5%', 'much', '2000%'])('--minimum %s is refused before anything is read', async (text) => {
  const { code, stderr, used } = await tare(['compare', 'a', 'b', `--minimum=${text}`], { runs });
  expect(code).toBe(2);
  expect(stderr).toContain(`“${text}”`);
  expect(used).toBe(false);
});

test('a run that is not there is a usage error', async () => {
  expect((await tare(`compare ${base.id} 2030`, { runs })).code).toBe(2);
});

test('speaks Chinese', async () => {
  const { stdout } = await tare(`compare ${base.id} ${slow.id} --lang zh-CN`, { runs });
  expect(stdout).toContain('就绪时间是基线的');
  expect(stdout).not.toMatch(/\bworse\b|baseline/);
});
