import type { Locale } from '../../../contract/appearance';
import type { Exporter } from './format';
import { printedPage } from './html';

/** The report as a browser prints it: the window's own, or one that is installed. */
export const pdf: Exporter = {
  files: async (run, locale: Locale, { printPdf }) => [{ content: await printPdf(printedPage(run, locale)) }],
};
