/** What leaves Tare as a file: the formats, what the files are called, and how they travel to a page. */
import { z } from 'zod';
import { ChartSpec } from './report/report';
import { RunRecord } from './record';
import { RunId } from './run/run';

interface Format {
  mediaType: string;
  /** what a whole run becomes: one file, or a folder with a file per chart */
  run: 'file' | 'folder';
  /** whether a single chart can be had in it */
  chart: boolean;
  /** of its files, where that is not its name */
  extension?: string;
  /** made for programs that watch builds: menus show these apart */
  forCi?: true;
}

const forCi = (mediaType: string, extension: string) =>
  ({ mediaType, run: 'file', chart: false, extension, forCi: true }) as const;

/** The table of formats, as menus list them. A new one is an entry here, its writer in engine/results/export, and its words. */
export const formats = {
  html: { mediaType: 'text/html;charset=utf-8', run: 'file', chart: false },
  pdf: { mediaType: 'application/pdf', run: 'file', chart: false },
  md: { mediaType: 'text/markdown;charset=utf-8', run: 'file', chart: false },
  csv: { mediaType: 'text/csv;charset=utf-8', run: 'file', chart: true },
  json: { mediaType: 'application/json', run: 'file', chart: false },
  png: { mediaType: 'image/png', run: 'folder', chart: true },
  svg: { mediaType: 'image/svg+xml', run: 'folder', chart: true },
  /** one picture to share, as links show it: sentence, figures, how sure */
  card: { mediaType: 'image/png', run: 'file', chart: false, extension: 'png' },
  /** what a run says first, as a CI job shows it */
  summary: forCi('text/markdown;charset=utf-8', 'md'),
  junit: forCi('application/xml', 'xml'),
  /** Go's benchmark data, which benchstat reads */
  go: forCi('text/plain;charset=utf-8', 'txt'),
  bencher: forCi('application/json', 'json'),
  'github-benchmark': forCi('application/json', 'json'),
  hyperfine: forCi('application/json', 'json'),
  openmetrics: forCi('application/openmetrics-text;version=1.0.0;charset=utf-8', 'prom'),
} as const satisfies Record<string, Format>;

type FormatsWith<Feature extends Partial<Format>> = {
  [Name in keyof typeof formats]: (typeof formats)[Name] extends Feature ? Name : never;
}[keyof typeof formats];
const formatsWith = <Name extends ExportFormat>(has: (format: Format) => boolean) =>
  exportFormats.filter((name) => has(formats[name])) as [Name, ...Name[]];

/** What a whole run can be had as. */
export const exportFormats = Object.keys(formats) as [ExportFormat, ...ExportFormat[]];
export type ExportFormat = keyof typeof formats;
export const ExportFormat = z.enum(exportFormats);

/** One file for a whole run. */
export type DocumentFormat = FormatsWith<{ run: 'file' }>;
export const documentFormats = formatsWith<DocumentFormat>(({ run }) => run === 'file');
export const DocumentFormat = z.enum(documentFormats);
export const isForCi = (format: DocumentFormat): boolean => 'forCi' in formats[format];

/** One file for a chart. */
export type ChartFormat = FormatsWith<{ chart: true }>;
export const chartFormats = formatsWith<ChartFormat>(({ chart }) => chart);
export const ChartFormat = z.enum(chartFormats);

/** A record that was only opened to be read. */
export const OpenedRecord = z.object({ record: RunRecord });
export type OpenedRecord = z.infer<typeof OpenedRecord>;

/** The most that its file may have. A density run of a thousand trials takes a few MiB, one of 27 trials on two hundred hosts some 34. */
export const mostRecordBytes = 64 * 1024 ** 2;

/** A run that is kept here, or the record of one that was only opened. */
export const RunSource = z.union([z.object({ id: RunId }), OpenedRecord]);
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

/** What every file system takes, with no space that a shell would trip over; Chinese stays as it is. */
const slug = (words: string): string =>
  words
    .replace(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 60);

export const extensionOf = (format: ExportFormat): string => {
  const { extension }: Format = formats[format];
  return extension ?? format;
};

const joined = (words: string[], format: ExportFormat): string => {
  const extension = extensionOf(format);
  return `${[...words, extension === format ? '' : format].filter(Boolean).join('-')}.${extension}`;
};

/** `tare-three-apps-20261123-235858.html` */
export const documentName = (run: { id: string; plan: { name: string } }, format: DocumentFormat): string =>
  joined(['tare', slug(run.plan.name), run.id.slice(0, 15)], format);

/** `tare-three-apps-start-up.png` */
export const chartName = ({ spec, subject }: ChartSource, format: ChartFormat): string =>
  joined(['tare', slug(subject), slug(spec.id)], format);
