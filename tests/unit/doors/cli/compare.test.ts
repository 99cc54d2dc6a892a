import { expect, test } from 'vitest';
import { RunComparison } from '../../../../main/contract/report/comparison';
import { tare } from '../../../support/commandLine';
import { fakeRun } from '../../../support/fakes/fakeRun';

/** Three runs of a day each. */
const days = (day: number, factor = 1) =>
  [1, 2, 3].map((hour) => ({
    ...fakeRun({ preset: 'startup', seed: day * 10 + hour, change: (trial) => (trial.readyMs! *= factor) }),
    id: `2026080${day}-1${hour}0000-0001`,
  }));
const [bases, sames, slows] = [days(1), days(2), days(3, 1.6)];
const runs = [...bases, ...sames, ...slows];
const [base, same, slow] = [bases, sames, slows].map((side) => side.map(({ id }) => id).join(',')) as [
  string,
  string,
  string,
];
const [first] = bases.map(({ id }) => id) as [string];
const last = slows[2]!.id;

test('says what became worse, by how much, and lists the figures', async () => {
  const { code, stdout } = await tare(`compare ${base} ${slow}`, { runs });
  expect(code).toBe(0);
  expect(stdout).toMatch(/! web on container: takes 1\.\d+ × as long to be ready as in the baseline/);
  expect(stdout).toMatch(/Time to ready[^]*container +0\.\d+ s +0\.\d+ s +1\.\d+ × \(1\.\d+ – 1\.\d+ ×\)/);
  expect(stdout.indexOf('as long')).toBeLessThan(stdout.indexOf('Time to ready'));
});

test('exits with 4 on a regression only when it is asked to', async () => {
  const compare = async (words: string) => (await tare(`compare ${words}`, { runs })).code;
  expect(await compare(`${base} ${slow} --fail-on regression`)).toBe(4);
  expect(await compare(`${base} ${slow} --fail-on regression --json`)).toBe(4);
  expect(await compare(`${base} ${same} --fail-on regression`)).toBe(0);
  expect(await compare(`${slow} ${base} --fail-on regression`)).toBe(0);
  expect(await compare(`${base} ${slow} --fail-on regression --minimum 90%`)).toBe(0);
});

test('two single runs never fail a build, and say what does', async () => {
  const { code, stdout, stderr } = await tare(`compare ${first} ${last} --fail-on regression`, { runs });
  expect(code).toBe(0);
  expect(stdout).toContain('Two single runs');
  expect(stderr.replace(/\s+/g, ' ')).toContain('use tare ab, or repeat the runs');
  expect((await tare(`compare ${first} ${last}`, { runs })).stderr).toBe('');
});

test('a run that is named twice is not two', async () => {
  const twice = `compare ${first},${first} last,${last} --fail-on regression`;
  const { code, stdout } = await tare(twice, { runs });
  expect(code).toBe(0);
  expect(stdout).toContain('Two single runs');
});

test('--json prints the comparison and nothing else', async () => {
  const { stdout } = await tare(`compare ${base} ${slow} --json`, { runs });
  const comparison = RunComparison.parse(JSON.parse(stdout));
  expect(comparison.base.map(({ id }) => id).join(',')).toBe(base);
  expect(comparison.other.map(({ id }) => id).join(',')).toBe(slow);
  expect(comparison.regression).toBe(true);
});

test('takes the path of a run.json for a baseline, from where one stands', async () => {
  const { code, engine } = await tare(`compare baselines/${first}.json last`, { runs, cwd: '/repo' });
  expect(code).toBe(0);
  expect(engine.inputs.compare).toMatchObject({
    base: [{ path: `/repo/baselines/${first}.json` }],
    other: [{ id: last }],
  });
});

test.each(['0', '-5%', 'much', '2000%'])('--minimum %s is refused before anything is read', async (text) => {
  const { code, stderr, used } = await tare(['compare', 'a', 'b', `--minimum=${text}`], { runs });
  expect(code).toBe(2);
  expect(stderr).toContain(`“${text}”`);
  expect(used).toBe(false);
});

test('a run that is not there is a usage error', async () => {
  expect((await tare(`compare ${first} 2030`, { runs })).code).toBe(2);
});

test('speaks Chinese', async () => {
  const { stdout } = await tare(`compare ${base} ${slow} --lang zh-CN`, { runs });
  expect(stdout).toContain('就绪时间是基线的');
  expect(stdout).not.toMatch(/\bworse\b|baseline/);
});
