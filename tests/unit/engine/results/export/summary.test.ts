import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { message, say } from '../../../../../main/contract/messages';
import type { Run } from '../../../../../main/contract/run/run';
import { answerTable } from '../../../../../main/drawing/answer/table';
import { markdown, summary } from '../../../../../main/engine/results/export/markdown';

import { fakeReportedRun, fakeRun } from '../../../../support/fakes/fakeRun';

describe.each(locales)('the summary of a CI job (%s)', (locale) => {
  const write = (run: Run) => summary.files(run, locale)[0]!.content;

  test('is the answer with its figures and how sure they are, and no more', () => {
    const run = fakeReportedRun({ preset: 'three-apps' });
    const { answer } = run.report;
    const [text, whole] = [write(run), markdown.files(run, locale)[0]!.content];
    expect(text.length).toBeLessThan(whole.length / 2);
    expect(text).toContain(say(locale, answer!.text));
    for (const doubt of answer!.doubts) expect(text).toContain(say(locale, doubt));
    for (const { name } of answerTable(answer!, locale).rows) expect(text).toContain(`| ${name} |`);
    expect(text).toContain(run.id);
    expect(text).toContain('Docker 26.1.5');
    expect(text).not.toMatch(/undefined|\[object|\{\w+\}|\]\(|^## /m);
  });

  test('has a bar for every figure, in proportion to the largest of its quantity', () => {
    const run = fakeReportedRun({ accelerator: 'kvm' });
    const { rows } = run.report.answer!;
    const bars = (text: string) =>
      [...text.matchAll(/\| ([█▏▎▍▌▋▊▉▒]+) \|$/gm)].map(([, bar]) => bar!.length);
    const shares = rows.flatMap(({ sides }) => {
      const most = Math.max(...sides.map(({ value }) => value));
      return sides.map(({ value }) => value / most);
    });
    const drawn = bars(write(run));
    expect(drawn).toHaveLength(shares.length);
    drawn.forEach((length, at) => expect(Math.abs(length - 20 * shares[at]!)).toBeLessThanOrEqual(1));
    expect(Math.max(...drawn)).toBe(20);
    expect(write(run)).not.toContain('▒');
    expect(write(fakeReportedRun({ accelerator: 'tcg' }))).toContain('▒');
  });

  test('begins with what takes more in B than in A', () => {
    const run = fakeReportedRun();
    const text = write(run);
    const verdict = run.report.verdicts.find(({ standing }) => standing === 'holds')!;
    verdict.worse = true;
    const worse = write(run).split('\n\n');
    expect(text.split('\n\n').filter((one) => !worse.includes(one))).toEqual([]);
    const told = worse.indexOf(`- ${say(locale, verdict.text)}`);
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(worse.indexOf(`**${say(locale, run.report.answer!.text)}**`));
    run.report.answer!.text = verdict.text;
    expect(write(run).split(say(locale, verdict.text)), 'said once').toHaveLength(2);
  });

  test('tells every trial that does not count, each reason once', () => {
    const run = fakeReportedRun({
      plan: { trials: 4 },
      change: (trial) => {
        if (trial.target !== 'container' || trial.index === 0) return;
        trial.outcome = trial.index === 3 ? 'timeout' : 'failed';
        if (trial.index < 3) trial.failure = { code: 'kit-missing', folder: '/x' };
      },
    });
    const text = write(run);
    expect(text).toContain(message(locale, 'export.summary.failed'));
    expect(text).toContain(message(locale, 'outcome.timeout'));
    expect(text.match(/\(2 ×\)/g)).toHaveLength(1);
  });

  test('of a run that came to nothing says why', () => {
    const run = fakeRun();
    run.failure = { code: 'budget-spent', budgetMs: 5000 };
    expect(write(run)).toContain('> **');
  });
});
