import type { Locale } from '../../../contract/appearance';
import { planTitleIn } from '../../../contract/messages';
import { documentOf } from '../document/document';
import { subtitleOf, titleOf } from '../document/facts';
import type { Measured } from './figures';
import type { TextExporter } from './format';
import { paintBlocks } from './html/blocks';
import { htmlPage } from './html/page';

/**
 * A report in one file: it asks the network for nothing, and everything can be read with scripts off. The script only adds
 * comfort: sorting, filtering, a theme, and each chart as a file.
 */
export const html: TextExporter<Measured> = {
  files: (measured, locale) => [{ content: page(measured, locale, false) }],
};

/** The same report for paper: nothing to click, and of each subject what matters most. */
export const printedPage = (measured: Measured, locale: Locale): string => page(measured, locale, true);

const page = (measured: Measured, locale: Locale, printed: boolean): string =>
  htmlPage(
    {
      ...('hosts' in measured
        ? { title: titleOf(measured, locale), generator: 'Tare', footer: 'hosts.footer' }
        : {
            title: planTitleIn(locale, measured.plan.name),
            generator: `Tare ${measured.environment.tareVersion}`,
            footer: 'export.footer',
          }),
      description: subtitleOf(measured, locale),
      printed,
      body: paintBlocks(documentOf(measured, locale, printed ? 'paper' : 'screen'), locale, printed),
    },
    locale,
  );
