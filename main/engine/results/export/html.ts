import type { Locale } from '../../../contract/appearance';
import { planTitleIn } from '../../../contract/messages';
import { documentOf } from '../document/document';
import { subtitleOf, titleOf } from '../document/facts';
import { isOfHosts } from '../../../contract/record';
import type { ReportedRecord } from '../report/reported';
import type { TextExporter } from './format';
import { paintBlocks } from './html/blocks';
import { htmlPage } from './html/page';

/**
 * A report in one file: it asks the network for nothing, and everything can be read with scripts off. The script only adds
 * comfort: sorting, filtering, a theme, and each chart as a file.
 */
export const html: TextExporter<ReportedRecord> = {
  files: (record, locale) => [{ content: page(record, locale, false) }],
};

/** The same report for paper: nothing to click, and of each subject what matters most. */
export const printedPage = (record: ReportedRecord, locale: Locale): string => page(record, locale, true);

const page = (record: ReportedRecord, locale: Locale, printed: boolean): string =>
  htmlPage(
    {
      ...(isOfHosts(record)
        ? { title: titleOf(record, locale), generator: 'Tare', footer: 'hosts.footer' }
        : {
            title: planTitleIn(locale, record.plan.name),
            generator: `Tare ${record.environment.tareVersion}`,
            footer: 'export.footer',
          }),
      description: subtitleOf(record, locale),
      printed,
      body: paintBlocks(documentOf(record, locale, printed ? 'paper' : 'screen'), locale, printed),
    },
    locale,
  );
