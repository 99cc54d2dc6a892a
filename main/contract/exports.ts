/** What leaves Tare as a file: the formats, what the files are called, and how they travel to a page. */
import { z } from 'zod';
import { ChartSpec } from './report/report';
import { Run, RunId } from './run/run';

/** One file for a whole run. */
export const documentFormats = ['html', 'pdf', 'md', 'csv', 'json'] as const;
export const DocumentFormat = z.enum(documentFormats);
export type DocumentFormat = z.infer<typeof DocumentFormat>;

/** One file for a chart. */
export const chartFormats = ['png', 'svg', 'csv'] as const;
export const ChartFormat = z.enum(chartFormats);
export type ChartFormat = z.infer<typeof ChartFormat>;

/** A run that is kept here, or the record of one that was only opened to be read. */
export const RunSource = z.union([z.object({ id: RunId }), z.object({ record: Run })]);
export type RunSource = z.infer<typeof RunSource>;

/** A chart as it is shown, and what it belongs to. */
export const ChartSource = z.object({
  spec: ChartSpec,
  /** names the file, together with the chart's id: a plan, or whatever the chart is about */
  subject: z.string().max(200).default(''),
});
export type ChartSource = z.infer<typeof ChartSource>;

/** A file on its way to a page, which has no disk of its own. */
export interface ExportedDocument {
  name: string;
  mediaType: string;
  base64: string;
}

export const mediaTypes: Record<DocumentFormat | ChartFormat, string> = {
  html: 'text/html;charset=utf-8',
  pdf: 'application/pdf',
  md: 'text/markdown;charset=utf-8',
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
};

/** What every file system takes, with no space that a shell would trip over; Chinese stays as it is. */
const slug = (words: string): string =>
  words
    .replace(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 60);

const joined = (words: string[], format: string): string => `${words.filter(Boolean).join('-')}.${format}`;

/** `tare-three-apps-20261123-235858.html` */
export const documentName = (run: { id: string; plan: { name: string } }, format: DocumentFormat): string =>
  joined(['tare', slug(run.plan.name), run.id.slice(0, 15)], format);

/** `tare-three-apps-start-up.png` */
export const chartName = ({ spec, subject }: ChartSource, format: ChartFormat): string =>
  joined(['tare', slug(subject), slug(spec.id)], format);
