import type { Measured } from './figures';
import type { Exporter } from './format';
import { printedPage } from './html';

/** The report as a browser prints it: the window's own, or one that is installed. */
export const pdf: Exporter<Measured> = {
  files: async (measured, locale, { printPdf }) => [
    { content: await printPdf(printedPage(measured, locale)) },
  ],
};
