import type { Locale } from '../../contract/appearance';
import type { Exporter } from './exporter';
import { printedPage } from './html';

/**
 * Prints a page to A4 with its page numbers at the foot, as text that can be searched and copied.
 * @throws {TareError} `browser-missing` · `program-failed`
 */
export type PdfPrinter = (page: string) => Promise<Uint8Array>;

/** The report as a browser prints it: the window's own, or one that is installed. */
export const pdf: Exporter = {
  files: async (run, locale: Locale, { printPdf }) => [{ content: await printPdf(printedPage(run, locale)) }],
};
