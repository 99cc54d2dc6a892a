import type { Locale } from '../../../contract/appearance';
import { planTitleIn } from '../../../contract/messages';
import type { Run } from '../../../contract/run/run';
import type { TextExporter } from './format';
import { subtitleOf } from './facts';
import { answer, headingOf } from './html/answer';
import { details, method } from './html/details';
import { htmlPage } from './html/page';

/**
 * A report in one file: it asks the network for nothing, and everything can be read with scripts off. The script only adds
 * comfort: sorting, filtering, a theme, and each chart as a file.
 */
export const html: TextExporter = { files: (run, locale) => [{ content: page(run, locale, false) }] };

/** The same report for paper: nothing to click, and of each subject what matters most. */
export const printedPage = (run: Run, locale: Locale): string => page(run, locale, true);

const page = (run: Run, locale: Locale, printed: boolean): string =>
  htmlPage(
    {
      title: planTitleIn(locale, run.plan.name),
      description: subtitleOf(run, locale),
      generator: `Tare ${run.environment.tareVersion}`,
      printed,
      footer: 'export.footer',
      parts: [
        headingOf(run, locale),
        answer(run, locale),
        ...details(run, locale, printed),
        method(run, locale, printed),
      ],
    },
    locale,
  );
