import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Locale } from '../../../contract/appearance';
import {
  chartName,
  documentName,
  extensionOf,
  formats,
  type ChartFormat,
  type ChartSource,
  type DocumentFormat,
  type ExportedDocument,
  type ExportFormat,
} from '../../../contract/exports';
import { measuredOnly } from '../../../contract/report/published';
import { withRuns } from '../../../contract/record';
import type { Run } from '../../../contract/run/run';
import { badInput, TareError } from '../../base/errors';
import { card, cardDrawing } from './card';
import { chartCsv } from './chartCsv';
import { csv } from './csv';
import { withFont } from './font';
import { html } from './html';
import { json } from './json';
import { markdown, summary } from './markdown';
import type { Exporter, ExportTools } from './format';
import type { ReportedRecord } from '../report/reported';
import { pdf } from './pdf';
import { png, rasterise } from './png';
import { bencher } from './programs/bencher';
import { githubBenchmark } from './programs/githubBenchmark';
import { go } from './programs/go';
import { hyperfine } from './programs/hyperfine';
import { junit } from './programs/junit';
import { openmetrics } from './programs/openmetrics';
import { paintChart, svg } from './svg';
import { writeExport } from './writing';

/** How a reader wants a record shown. */
interface Presentation {
  locale: Locale;
  /** also what others have published */
  published: boolean;
}

const exporters: Record<ExportFormat, Exporter<ReportedRecord>> = {
  json,
  csv,
  md: markdown,
  html,
  svg,
  png,
  card,
  pdf,
  summary,
  junit,
  go,
  bencher,
  'github-benchmark': githubBenchmark,
  hyperfine,
  openmetrics,
};

/** The record as a format shows it. As JSON it is the record itself, whole. */
const shown = (record: ReportedRecord, format: ExportFormat, published: boolean): ReportedRecord =>
  published || format === 'json' ? record : withRuns(record, withoutPublished);

const withoutPublished = (run: Run): Run => (run.report ? { ...run, report: measuredOnly(run.report) } : run);

/**
 * Writes a record in a format: what is in it, nothing computed anew. A file that is there already is replaced in one
 * step, or kept whole when that fails.
 * @param target  a file, of Markdown with its pictures beside it. For svg and png a folder, made if it is not there; or, where the
 *   name ends as such a file's does and is no folder, the file for the first picture, the answer's. A card is a drawing in `.svg`
 * @returns the files written
 * @throws {TareError} `write-failed`; svg and png: `bad-input` when a record has no picture for one file; png: `font-missing`; pdf: `browser-missing` · `program-failed`
 */
export async function exportRecord(
  record: ReportedRecord,
  format: ExportFormat,
  target: string,
  { locale, published }: Presentation,
  tools: ExportTools,
): Promise<string[]> {
  const exporter = format === 'card' && endingOf(target) === 'svg' ? cardDrawing : exporters[format];
  const stem = path.basename(target, path.extname(target));
  const one = await isOneFile(format, target);
  const files = await exporter.files(shown(record, format, published), locale, { ...tools, stem, one });
  if (one && files.length === 0) throw badInput('export.no-picture', { id: record.id });
  const written: string[] = [];
  for (const { name, beside, content } of files) {
    const file =
      name !== undefined
        ? within(target, name)
        : beside !== undefined
          ? within(path.dirname(target), beside)
          : path.resolve(target);
    await writeExport(file, content);
    written.push(file);
  }
  return written;
}

/**
 * A file right in a folder, whatever it is called: names come from records.
 * @throws {TareError} `write-failed`
 */
function within(folder: string, name: string): string {
  const file = path.resolve(folder, name);
  if (path.dirname(file) === path.resolve(folder)) return file;
  throw new TareError({ code: 'write-failed', path: file, reason: 'outside-folder' });
}

const endingOf = (target: string): string => path.extname(target).slice(1).toLowerCase();

/** Whether a path names a picture rather than the folder for all of them. */
const isOneFile = async (format: ExportFormat, target: string): Promise<boolean> =>
  formats[format].run === 'folder' &&
  endingOf(target) === extensionOf(format) &&
  !(await stat(target).catch(() => undefined))?.isDirectory();

const documentOf = (
  name: string,
  format: DocumentFormat | ChartFormat,
  content: string | Uint8Array,
): ExportedDocument => ({
  name,
  mediaType: formats[format].mediaType,
  base64: Buffer.from(content).toString('base64'),
});

/** A whole record as one file, for whoever has no disk that Tare could write to. */
export async function renderRecord(
  record: ReportedRecord,
  format: DocumentFormat,
  { locale, published }: Presentation,
  tools: ExportTools,
): Promise<ExportedDocument> {
  const [file] = await exporters[format].files(shown(record, format, published), locale, tools);
  return documentOf(documentName(record, format), format, file!.content);
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
