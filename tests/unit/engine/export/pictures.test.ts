import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { chartFormats, formats } from '../../../../main/contract/exports';
import { renderChart } from '../../../../main/engine/export/exporter';
import { rasterise } from '../../../../main/engine/export/png';
import { fontsFor } from '../../../../main/engine/export/png/fonts';
import { paintChart } from '../../../../main/engine/export/svg';
import { fakeReportedRun } from '../../../support/fakes/fakeRun';

const run = fakeReportedRun();
const [spec] = run.report.charts;

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
  await expect(fontsFor('Time to ready', [empty])).resolves.toHaveLength(2);
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
