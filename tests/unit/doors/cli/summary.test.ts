import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../../main/contract/report/report';
import type { Run } from '../../../../main/contract/run/run';
import { widthOf } from '../../../../main/doors/cli/terminal/layout';
import { tare } from '../../../support/commandLine';
import { anAnswer } from '../../../support/fakes/answers';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';

const withReport = (report: Partial<NonNullable<Run['report']>>): Run => {
  const run = fakeRecord();
  return { ...run, report: { ...run.report!, ...report } };
};
const shown = async (run: Run, words = '', columns = 80) =>
  (await tare(`show ${run.id} ${words}`, { runs: [run], columns, env: { NO_COLOR: '1' } })).stdout;

describe('a run in short', () => {
  const run = withReport({ answer: anAnswer });

  test('is a row for each way, the answer, and how sure it is, in at most 15 lines of 80 columns', async () => {
    const text = await shown(run);
    expect(text).toMatch(/Memory +Start-up +Disk\n/);
    expect(text).toMatch(/container +11\.1 MiB +0\.922 s +1\.93 MiB\n/);
    expect(text).toMatch(/VM \(direct boot\) +219 MiB +20 × +11\.4 s +12 × +1\.94 MiB \+ 57 MiB +1\.0 ×\n/);
    expect(text).toContain('A VM needs 20 × the memory of a container');
    expect(text).toMatch(/Memory +sure: 19 – 21 ×\n/);
    expect(text.split('\n').length).toBeLessThan(16);
  });

  test('has one unit in a column, however far its figures are apart', async () => {
    const anyColumn = fc.record({
      least: fc.integer({ min: 1, max: 1e6 }),
      factor: fc.double({ min: 1, max: 1e5, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(anyColumn, async ({ least, factor }) => {
        const rows = anAnswer.rows.map((row) => ({
          ...row,
          sides: row.sides.map((side, at) => ({ ...side, value: at === 0 ? least : least * factor })),
        }));
        const text = await shown(withReport({ answer: { ...anAnswer, rows } }), '', 200);
        const units = (name: string) =>
          new RegExp(`^ *${name}.*? (B|[KMGT]iB) .*? (ms|s|min) `, 'm').exec(text)!.slice(1);
        expect(units('container')).toEqual(units('VM'));
      }),
      { numRuns: 50 },
    );
  });

  test('has the tables where they are asked for', async () => {
    for (const option of ['--full', '--phases']) {
      const text = await shown(run, option);
      expect(text).toContain('Target');
      expect(text).toContain('(9');
    }
    expect(await shown(run)).not.toContain('Target');
  });

  test('names what makes it less sure', async () => {
    const doubts = [
      { key: 'weakened.battery', facts: {} },
      { key: 'weakened.other-tare', facts: {} },
      { key: 'The answers were not the same.', facts: {} },
    ];
    const text = await shown(withReport({ answer: { ...anAnswer, doubts, surerRounds: 12 } }));
    expect(text).toContain('Less certain because of: on battery, another Tare at work');
    expect(text).toContain('! The answers were not the same.');
    expect(text).toContain('--trials 12');
  });

  test('of a record without an answer says its first findings', async () => {
    expect(await shown(fakeRecord())).toContain('✓ The container was ready sooner');
  });

  test('tells claims one by one', async () => {
    const claim: Claim = {
      id: 'C4',
      standing: 'fails',
      says: { key: 'claim.C4', facts: {} },
      text: { key: 'claim.C4', facts: {} },
      figures: [],
    };
    expect(await shown(withReport({ claims: [claim] }))).toMatch(/\S+ {2}An operating system/);
  });

  test('never goes beyond the terminal, in either language', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('en', 'zh-CN'),
        fc.integer({ min: 60, max: 140 }),
        fc.integer({ min: 1, max: 1e11 }),
        async (lang, columns, bytes) => {
          const rows = anAnswer.rows.map((row) => ({
            ...row,
            sides: row.sides.map((side) => ({ ...side, value: bytes })),
          }));
          const text = await shown(withReport({ answer: { ...anAnswer, rows } }), `--lang ${lang}`, columns);
          const figures = text.split('\n\n')[0]!.split('\n');
          expect(figures.length).toBeGreaterThan(3);
          for (const line of figures) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
      { numRuns: 20 },
    );
  });
});
