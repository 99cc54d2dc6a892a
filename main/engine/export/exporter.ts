import path from 'node:path';
import type { Locale } from '../../contract/appearance';
import {
  chartName,
  documentName,
  formats,
  type ChartFormat,
  type ChartSource,
  type DocumentFormat,
  type ExportedDocument,
  type ExportFormat,
} from '../../contract/exports';
import { measuredOnly } from '../../contract/report/published';
import type { Run } from '../../contract/run/run';
import { card } from './card';
import { chartCsv } from './chartCsv';
import { csv } from './csv';
import { withFont } from './font';
import { html } from './html';
import { json } from './json';
import { markdown } from './markdown';
import type { Exporter, ExportTools } from './format';
import { pdf } from './pdf';
import { png, rasterise } from './png';
import { paintChart, svg } from './svg';
import { writeExport } from './writing';

/** How a reader wants a run told. */
interface ToldHow {
  locale: Locale;
  /** also what others have published */
  published: boolean;
}

const exporters: Record<ExportFormat, Exporter> = {
  json,
  csv,
  md: markdown,
  html,
  svg,
  png,
  card,
  pdf,
};

/** The record as it is to be told. As JSON it is the record itself, whole. */
const told = (run: Run, format: ExportFormat, published: boolean): Run =>
  published || format === 'json' || !run.report ? run : { ...run, report: measuredOnly(run.report) };

/**
 * Writes `run` in a format: what is in its record, nothing computed anew. A file that is there already is replaced in one
 * step, or kept whole when that fails.
 * @param target  a file; for svg and png a folder, made if it is not there. Markdown has its pictures beside it
 * @returns the files written
 * @throws {TareError} `write-failed`; png: `font-missing`; pdf: `browser-missing` · `program-failed`
 */
export async function exportRun(
  run: Run,
  format: ExportFormat,
  target: string,
  { locale, published }: ToldHow,
  tools: ExportTools,
): Promise<string[]> {
  const written: string[] = [];
  const shown = told(run, format, published);
  const stem = path.basename(target, path.extname(target));
  for (const { name, beside, content } of await exporters[format].files(shown, locale, { ...tools, stem })) {
    const file = path.resolve(
      ...(beside === undefined ? [target, name ?? ''] : [path.dirname(target), beside]),
    );
    await writeExport(file, content);
    written.push(file);
  }
  return written;
}

const documentOf = (
  name: string,
  format: DocumentFormat | ChartFormat,
  content: string | Uint8Array,
): ExportedDocument => ({
  name,
  mediaType: formats[format].mediaType,
  base64: Buffer.from(content).toString('base64'),
});

/** A whole run as one file, for whoever has no disk that Tare could write to. */
export async function renderRun(
  run: Run,
  format: DocumentFormat,
  { locale, published }: ToldHow,
  tools: ExportTools,
): Promise<ExportedDocument> {
  const [file] = await exporters[format].files(told(run, format, published), locale, tools);
  return documentOf(documentName(run, format), format, file!.content);
}

/** One chart as a file: a picture at twice its size, a drawing, or its figures. */
export async function renderChart(
  source: ChartSource,
  format: ChartFormat,
  locale: Locale,
): Promise<ExportedDocument> {
  const { spec } = source;
  const content =
    format === 'csv'
      ? chartCsv(spec, locale)
      : format === 'svg'
        ? withFont(paintChart(spec, locale))
        : await rasterise(paintChart(spec, locale));
  return documentOf(chartName(source, format), format, content);
}
