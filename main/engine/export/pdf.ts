import type { Locale } from '../../contract/calls';
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

/** Chromium's options for a printed report, in the window and in an installed browser alike; the margins are the page's own. */
export const printOptions = {
  printBackground: true,
  preferCSSPageSize: true,
  displayHeaderFooter: true,
  headerTemplate: '<span></span>',
  footerTemplate:
    '<div style="width:100%;padding:0 14mm;text-align:right;font:8px system-ui,sans-serif;color:#565961">' +
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>',
} as const;
