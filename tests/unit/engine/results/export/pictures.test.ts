import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { chartFormats, formats } from '../../../../../main/contract/exports';
import { explain } from '../../../../../main/contract/messages';
import { answerCard } from '../../../../../main/drawing/card/answer';
import { paintCard } from '../../../../../main/engine/results/export/card';
import { renderChart, renderRecord } from '../../../../../main/engine/results/export/exporter';
import { rasterise } from '../../../../../main/engine/results/export/png';
import { fontsFor } from '../../../../../main/engine/results/export/png/fonts';
import { paintChart } from '../../../../../main/engine/results/export/svg';
import { anAnswer, anyAnswer } from '../../../../support/fakes/answers';
import { textBoxes } from '../../../../support/fakes/shapes';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';

const run = fakeReportedRun();
const [spec] = run.report.charts;
const never = () => Promise.reject(new Error('no PDF is asked for'));

/** Width and height, from the header of a PNG. */
function sizeOf(png: Uint8Array): [number, number] {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

it('draws a chart at twice its size, the same bytes each time', async () => {
  const drawing = paintChart(spec!, 'en');
  const [, width, height] = /width="(\d+)" height="([\d.]+)"/.exec(drawing)!;
  const first = await rasterise(drawing);
  expect(sizeOf(first)).toEqual([Number(width) * 2, Math.ceil(Number(height) * 2)]);
  expect(Buffer.compare(Buffer.from(first), Buffer.from(await rasterise(drawing)))).toBe(0);
});

it('draws words: without them the picture is another one', async () => {
  const drawing = paintChart(spec!, 'en');
  const mute = drawing.replace(/<text[^>]*>[^<]*<\/text>/g, '');
  expect(mute).not.toBe(drawing);
  expect((await rasterise(drawing)).length).toBeGreaterThan((await rasterise(mute)).length * 1.2);
});

it('needs no font of the system for Latin words, and says when there is none for Chinese ones', async () => {
  const empty = mkdtempSync(path.join(tmpdir(), 'tare-fonts-'));
  mkdirSync(path.join(empty, 'truetype'));
  expect((await fontsFor('Time to ready', [empty])).fonts).toHaveLength(2);
  await expect(fontsFor('就绪时间', [empty])).rejects.toMatchObject({
    failure: { code: 'font-missing', known: [empty] },
  });
  rmSync(empty, { recursive: true });
});

it.each(chartFormats)('gives one chart as %s, under a name that says whose it is', async (format) => {
  const file = await renderChart({ spec: spec!, subject: 'three apps' }, format, 'en');
  expect(file).toMatchObject({
    name: `tare-three-apps-${spec!.id}.${format}`,
    mediaType: formats[format].mediaType,
  });
  expect(Buffer.from(file.base64, 'base64').length).toBeGreaterThan(200);
});

it('draws heavy Chinese words heavier than plain ones, bold face or not', async () => {
  const drawing = (weight: number) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" font-family="x"><text x="5" y="40" font-size="30" fill="#1a1b1e" font-weight="${weight}">虚拟机内存</text></svg>`;
  const [plain, heavy] = await Promise.all([400, 650].map((weight) => rasterise(drawing(weight))));
  expect(Buffer.compare(plain!, heavy!)).not.toBe(0);
});

describe('the card to share', () => {
  const answered = { ...run, report: { ...run.report, answer: anAnswer } };
  it.each(locales)(
    'is 1200 × 630, with sentence, figures, how sure, computer and date (%s)',
    async (locale) => {
      const file = await renderRecord(answered, 'card', { locale, published: false }, { printPdf: never });
      expect(file).toMatchObject({ mediaType: 'image/png' });
      expect(file.name).toMatch(/^tare-quick-.*-card\.png$/);
      expect(sizeOf(Buffer.from(file.base64, 'base64'))).toEqual([1200, 630]);
      const words = paintCard(answered, locale);
      for (const told of [
        '219 MiB',
        'sure: 19 – 21 ×',
        run.environment.host.cpu,
        run.startedAt.slice(0, 10),
        'Tare',
      ])
        expect(words).toContain(told);
    },
  );

  it('says what became of a run that has no answer', () => {
    const failed = { ...run, report: undefined, failure: { code: 'stopped' as const } };
    expect(paintCard(failed, 'en')).toContain(explain('en', failed.failure).what);
  });

  it('is as large as it is, however much there is to show', () => {
    fc.assert(
      fc.property(anyAnswer, ({ rows }) => {
        const shapes = answerCard(
          { title: 'x'.repeat(40), where: 'y', answer: { rows } },
          'Tare',
          'en',
        ).shapes;
        for (const { words, x, y, width, height } of textBoxes(shapes)) {
          expect({ words, inside: x >= 0 && y >= 0 && x + width <= 1200.5 && y + height <= 630 }).toEqual({
            words,
            inside: true,
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

it('a picture is drawn beside everything else that happens', async () => {
  const content = paintChart(fakeReportedRun({ preset: 'three-apps' }).report.charts[0]!, 'en');
  let turns = 0;
  let waiting = true;
  const turn = () => {
    turns += 1;
    if (waiting) setImmediate(turn);
  };
  turn();
  await rasterise(content);
  waiting = false;
  expect(turns).toBeGreaterThan(100);
});

it('what the rasteriser cannot draw is a failure, and it draws the next one', async () => {
  await expect(rasterise('<svg width="1" height="1" <')).rejects.toMatchObject({
    failure: { code: 'program-failed', program: 'resvg' },
  });
  const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"></svg>';
  expect(Buffer.from(await rasterise(picture)).readUInt32BE(16)).toBe(6);
});

it('a picture that would be too large has fewer pixels for each of the drawing’s', async () => {
  const long = '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="100000"></svg>';
  const picture = Buffer.from(await rasterise(long));
  const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)];
  expect(width * height).toBeLessThanOrEqual(50_500_000);
  expect(height / width).toBeCloseTo(100_000 / 960, 0);
});
