import { expect, test } from 'vitest';
import type { HistorySeries } from '../../../../main/contract/report/series';
import { tare } from '../../../support/commandLine';

const point = (at: number) => ({
  run: `202601${String(at + 10)}-120000-00ff`,
  startedAt: `2026-01-${String(at + 10)}T12:00:00.000Z`,
  median: 100,
  n: 3,
  digest: 'sha256:abcdef0123456789abcdef',
});
const series: HistorySeries = {
  plan: { id: 'x', name: 'quick' },
  workload: 'web',
  target: 'container',
  metric: 'readyMs',
  points: Array.from({ length: 18 }, (_, at) => point(at)),
  changes: [],
  steps: [{ at: 9, before: 9, after: 9, ratio: 1.12, p: 1e-5 }],
};
const flat = { ...series, target: 'vm:direct', steps: [] };

test('history says since which run something is slower, and by how much', async () => {
  const { code, stdout } = await tare('history', { series: [series, flat] });
  expect(code).toBe(0);
  expect(stdout).toContain('web · container');
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    '! since 20260119-120000-00ff (Jan 19, 2026, image abcdef012345) 12 % slower; 9 runs before, 9 since',
  );
  expect(stdout).not.toContain('VM (direct boot)');
  expect(stdout).toContain('2 series of 18 runs');
});

test('what became lighter is told as such, in Chinese too', async () => {
  const lighter: HistorySeries = {
    ...series,
    metric: 'hostBytes',
    steps: [{ ...series.steps[0]!, ratio: 0.8 }],
  };
  const told = async (words: string) =>
    (await tare(words, { series: [lighter] })).stdout.replace(/\s+/g, ' ');
  expect(await told('history')).toMatch(/✓ since .*20 % less memory/);
  expect(await told('history --lang zh-CN')).toMatch(/少占用 ?20 ?%/);
});

test('history --json has every run of every series', async () => {
  const { stdout } = await tare('history --json', { series: [series, flat] });
  expect(JSON.parse(stdout)).toEqual([series, flat]);
});
