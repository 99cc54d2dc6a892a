/** The formats of a run on several hosts. */
import type { Locale } from '../../../../contract/appearance';
import type { ExportFormat } from '../../../../contract/exports';
import type { ReportedFleet } from '../../report/hosts/reported';
import { card } from '../card';
import { withFont } from '../font';
import type { Exporter, Placing } from '../format';
import { html } from '../html';
import { markdown, summary } from '../markdown';
import { pdf } from '../pdf';
import { pictures } from '../png';
import { forPrograms } from '../programs/programs';
import { chartFiles } from '../svg';
import { fleetCsv } from './csv';

/** A folder with one file per chart. As one file, the first of them. */
function drawings({ report }: ReportedFleet, locale: Locale, { one = false }: Placing) {
  const all: { name?: string; content: string }[] = chartFiles(report.charts, locale);
  return one ? all.slice(0, 1).map(({ content }) => ({ content })) : all;
}

export const fleetExporters: Record<ExportFormat, Exporter<ReportedFleet>> = {
  html,
  pdf,
  md: markdown,
  csv: fleetCsv,
  /** the record itself; assets/schema/fleet.schema.json describes it */
  json: { files: (fleet) => [{ content: `${JSON.stringify(fleet, null, 2)}\n` }] },
  png: { files: (fleet, locale, placing) => pictures(drawings(fleet, locale, placing)) },
  svg: {
    files: (fleet, locale, placing) =>
      drawings(fleet, locale, placing).map((file) => ({ ...file, content: withFont(file.content) })),
  },
  card,
  summary,
  ...forPrograms,
};
