import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Run } from '../../../../../main/contract/run/run';
import { exportRecord } from '../../../../../main/engine/results/export/exporter';
import { markdown } from '../../../../../main/engine/results/export/markdown';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';

const tools = { printPdf: () => Promise.resolve(new Uint8Array()) };

describe('an export', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'tare-foreign-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test.each([
    ['svg', 'out'],
    ['md', 'out/report.md'],
  ] as const)(
    'as %s writes nothing outside of its folder, whatever a chart is called',
    async (format, target) => {
      const run = fakeReportedRun();
      run.report.charts[0]!.id = '/../../escaped';
      const written = exportRecord(
        run,
        format,
        path.join(folder, target),
        { locale: 'en', published: false },
        tools,
      );
      await expect(written).rejects.toMatchObject({
        failure: { code: 'write-failed', reason: 'outside-folder' },
      });
      expect((await readdir(folder)).filter((name) => name !== 'out')).toEqual([]);
      expect(existsSync(path.join(folder, '..', 'escaped.svg'))).toBe(false);
    },
  );
});

describe('a run of somebody else as Markdown', () => {
  /** Every place that holds a text of the record. */
  const saying = (words: string): Run => {
    const run = fakeReportedRun();
    const message = { key: words, facts: {} };
    const { report } = run;
    run.label = { name: words, note: words.replace(/[\r\n\u2028\u2029]/g, ' ') };
    run.plan = { ...run.plan, name: words };
    run.environment.host = { ...run.environment.host, cpu: words, os: words, kernel: words };
    report.answer = { ...report.answer!, text: message, doubts: [message], sureness: message };
    report.verdicts = [
      { id: 'a', standing: 'holds', text: message },
      { id: 'b', standing: 'warning', text: message },
    ];
    report.tables = [
      {
        ...{ id: 'memory', title: message, note: message },
        columns: [{ id: 'a', title: message, unit: 'text' }],
        rows: [[{ value: words }]],
      },
    ];
    report.charts = report.charts.slice(0, 1).map((chart) => ({ ...chart, title: message }));
    run.environment.missing = [{ what: words, reason: words }];
    return run;
  };
  /** Lines of which kind: what a reader would make of each by how it begins. */
  const kindsOf = (text: string): string[] =>
    text
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map((line) => /^(#+ |> |- |\| |```|!\[|$)/.exec(line)?.[0] ?? 'text');
  const paint = (words: string): string => markdown.files(saying(words), 'en')[0]!.content;
  const bare = (text: string): string => text.replace(/\\[!-/:-@[-`{-~]/g, '');
  const harmless = paint('harmless');

  it.each([
    '"><script>alert(1)</script>',
    '# heading',
    '- item',
    '1. item',
    '---',
    '| a | b |',
    '[a](javascript:b)',
    '`c',
    '&lt;',
    'a\n\n# b',
  ])('has no heading, list, table, link or markup of %j', (words) => {
    expect(kindsOf(paint(words))).toEqual(kindsOf(harmless));
  });

  it('has the same lines, signs and tables whatever its texts are', () => {
    const signs = fc.constantFrom(
      '#',
      '<',
      '>',
      '|',
      '`',
      '*',
      '_',
      '[',
      ']',
      '(',
      ')',
      '!',
      '-',
      '+',
      '=',
      '1.',
      '\\',
      '&',
      '~',
      '$',
      '\n',
      '\r',
      '\t',
      '\u2028',
      '\0',
      ' ',
      'a',
    );
    const count = (text: string, sign: RegExp) => (bare(text).match(sign) ?? []).length;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(signs, { maxLength: 12 }).map((all) => all.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (words) => {
          const text = paint(`x${words}`);
          expect(kindsOf(text)).toEqual(kindsOf(harmless));
          for (const sign of [/[<>](?! )/g, /\|/g, /`/g, /\*/g, /[[\]]/g])
            expect(count(text, sign)).toBe(count(harmless, sign));
          const leading = paint(words);
          expect(
            leading.split('\n').filter((line) => /^(#+ |```|[-=]{2,}$|\d+[.)] )/.test(line)).length,
          ).toBe(harmless.split('\n').filter((line) => /^(#+ |```|[-=]{2,}$|\d+[.)] )/.test(line)).length);
        },
      ),
      { seed: 13, numRuns: 200 },
    );
  });
});
