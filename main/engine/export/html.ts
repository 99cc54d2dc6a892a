import { createHash } from 'node:crypto';
import type { Locale } from '../../contract/appearance';
import { message, planTitleIn, type MessageKey } from '../../contract/messages';
import type { Run } from '../../contract/run/run';
import type { TextExporter } from './format';
import { subtitleOf } from './facts';
import { answer, heading } from './html/answer';
import { details, method } from './html/details';
import { escape } from './html/markup';
import { script, scriptWords } from './html/script';
import { style } from './html/style';

/**
 * A report in one file: it asks the network for nothing, and everything can be read with scripts off. The script only adds
 * comfort: sorting, filtering, a theme, and each chart as a file.
 */
export const html: TextExporter = { files: (run, locale) => [{ content: page(run, locale, false) }] };

/** The same report for paper: nothing to click, and of each subject what matters most. */
export const printedPage = (run: Run, locale: Locale): string => page(run, locale, true);

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

function page(run: Run, locale: Locale, printed: boolean): string {
  const t = (key: MessageKey) => escape(message(locale, key));
  const look = style();
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(look)}`,
    ...(printed ? [] : [`script-src ${hashOf(script)}`]),
    'font-src data:',
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const words = escape(JSON.stringify(scriptWords(locale)));
  return `<!doctype html>
<html lang="${locale}"${printed ? ' class="printed"' : ''}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Tare ${escape(run.environment.tareVersion)}">
<meta name="description" content="${escape(subtitleOf(run, locale))}">
<title>${escape(planTitleIn(locale, run.plan.name))} · Tare</title>
<style>${look}</style>
</head>
<body data-words="${words}">
<main>
${[heading(run, locale), answer(run, locale), ...details(run, locale, printed), method(run, locale, printed)]
  .filter(Boolean)
  .join('\n')}
</main>
<footer>${t('export.footer')}</footer>
${printed ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}
