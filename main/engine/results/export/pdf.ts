import type { ReportedRecord } from '../report/reported';
import type { Exporter } from './format';
import { printedPage } from './html';

/** The report as a browser prints it: the window's own, or one that is installed. */
export const pdf: Exporter<ReportedRecord> = {
  files: async (record, locale, { printPdf }) => [{ content: await printPdf(printedPage(record, locale)) }],
};
