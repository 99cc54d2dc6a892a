/** The formats of a run on several hosts. Those for programs that watch builds are made for the figures of one computer. */
import type { Locale } from '../../../contract/appearance';
import type { HostsFormat } from '../../../contract/exports';
import type { ReportedFleet } from '../../report/hosts/reported';
import { withFont } from '../font';
import type { Exporter, Placing } from '../format';
import { pictures } from '../png';
import { chartFiles } from '../svg';
import { fleetCsv } from './csv';
import { fleetHtml, printedFleet } from './html';
import { fleetMarkdown, fleetSummary } from './markdown';

/** A folder with one file per chart. As one file, the first of them. */
function drawings({ report }: ReportedFleet, locale: Locale, { one = false }: Placing) {
  const all: { name?: string; content: string }[] = chartFiles(report.charts, locale);
  return one ? all.slice(0, 1).map(({ content }) => ({ content })) : all;
}

export const fleetExporters: Record<HostsFormat, Exporter<ReportedFleet>> = {
  html: fleetHtml,
  pdf: {
    files: async (fleet, locale, { printPdf }) => [{ content: await printPdf(printedFleet(fleet, locale)) }],
  },
  md: fleetMarkdown,
  csv: fleetCsv,
  /** the record itself; assets/schema/fleet.schema.json describes it */
  json: { files: (fleet) => [{ content: `${JSON.stringify(fleet, null, 2)}\n` }] },
  png: { files: (fleet, locale, placing) => pictures(drawings(fleet, locale, placing)) },
  svg: {
    files: (fleet, locale, placing) =>
      drawings(fleet, locale, placing).map((file) => ({ ...file, content: withFont(file.content) })),
  },
  summary: fleetSummary,
};
