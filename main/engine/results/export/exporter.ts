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
import type { Run } from '../../../contract/run/run';
import { badInput, TareError } from '../../base/errors';
import { card, cardDrawing } from './card';
import { chartCsv } from './chartCsv';
import { csv } from './csv';
import { withFont } from './font';
import { html } from './html';
import { json } from './json';
import { markdown, summary } from './markdown';
import type { Exporter, ExportTools, Placing } from './format';
import type { ReportedFleet } from '../report/hosts/reported';
import { fleetExporters } from './hosts/exporters';
import { pdf } from './pdf';
import { png, rasterise } from './png';
import { forPrograms } from './programs/programs';
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
  summary,
  ...forPrograms,
};

/** The record as it is to be told. As JSON it is the record itself, whole. */
const told = (run: Run, format: ExportFormat, published: boolean): Run =>
  published || format === 'json' || !run.report ? run : { ...run, report: measuredOnly(run.report) };

/**
 * Writes `run` in a format: what is in its record, nothing computed anew. A file that is there already is replaced in one
 * step, or kept whole when that fails.
 * @param target  a file, of Markdown with its pictures beside it. For svg and png a folder, made if it is not there; or, where the
 *   name ends as such a file's does and is no folder, the file for the first picture, the answer's. A card is a drawing in `.svg`
 * @returns the files written
 * @throws {TareError} `write-failed`; svg and png: `bad-input` when a run has no picture for one file; png: `font-missing`; pdf: `browser-missing` · `program-failed`
 */
export async function exportRun(
  run: Run,
  format: ExportFormat,
  target: string,
  { locale, published }: ToldHow,
  tools: ExportTools,
): Promise<string[]> {
  const shown = told(run, format, published);
  const exporter = exporterFor(exporters, format, target);
  return writeFiles(run.id, format, target, locale, (placing) =>
    exporter.files(shown, locale, { ...tools, ...placing }),
  );
}

/** The same of a run on several hosts. @throws {TareError} as `exportRun` */
export async function exportFleet(
  fleet: ReportedFleet,
  format: ExportFormat,
  target: string,
  { locale }: Pick<ToldHow, 'locale'>,
  tools: ExportTools,
): Promise<string[]> {
  const exporter = exporterFor(fleetExporters, format, target);
  return writeFiles(fleet.id, format, target, locale, (placing) =>
    exporter.files(fleet, locale, { ...tools, ...placing }),
  );
}

/** By the table of formats, but for a card, whose file may be a drawing. */
const exporterFor = <Of>(
  table: Record<ExportFormat, Exporter<Of>>,
  format: ExportFormat,
  target: string,
): Exporter<Of> | typeof cardDrawing =>
  format === 'card' && endingOf(target) === 'svg' ? cardDrawing : table[format];

/** @param make  the files, once it is known where they go */
async function writeFiles(
  id: string,
  format: ExportFormat,
  target: string,
  locale: Locale,
  make: (placing: Placing) => ReturnType<Exporter['files']>,
): Promise<string[]> {
  const written: string[] = [];
  const placing = { stem: path.basename(target, path.extname(target)), one: await isOneFile(format, target) };
  const files = await make(placing);
  if (placing.one && files.length === 0) throw badInput('export.no-picture', { id });
  for (const { name, beside, content } of files) {
    const file =
      name === undefined && beside === undefined
        ? path.resolve(target)
        : within(
            ...(beside === undefined
              ? ([target, name!] as const)
              : ([path.dirname(target), beside] as const)),
          );
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

export async function renderFleet(
  fleet: ReportedFleet,
  format: DocumentFormat,
  { locale }: Pick<ToldHow, 'locale'>,
  tools: ExportTools,
): Promise<ExportedDocument> {
  const [file] = await fleetExporters[format].files(fleet, locale, tools);
  return documentOf(documentName(fleet, format), format, file!.content);
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
