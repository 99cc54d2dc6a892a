/** A page that asks the network for nothing: what all reports have around them. */
import { createHash } from 'node:crypto';
import type { Locale } from '../../../../contract/appearance';
import { message, type MessageKey } from '../../../../contract/messages';
import { Markup, markup } from './markup';
import { script, scriptWords } from './script';
import { style } from './style';

interface Page {
  title: string;
  description: string;
  /** `Tare`, and the version that record where it was one */
  generator: string;
  /** for paper: nothing to click */
  printed: boolean;
  footer: MessageKey;
  body: readonly Markup[];
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

export function htmlPage(
  { title, description, generator, printed, footer, body }: Page,
  locale: Locale,
): string {
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
  return markup`<!doctype html>
<html lang="${locale}"${printed ? markup` class="printed"` : undefined}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${generator}">
<meta name="description" content="${description}">
<title>${title} · Tare</title>
<style>${new Markup(look)}</style>
</head>
<body data-words="${JSON.stringify(scriptWords(locale))}">
<main>
${body}
</main>
<footer>${message(locale, footer)}</footer>
${printed ? undefined : markup`<script>${new Markup(script)}</script>\n`}</body>
</html>
`.text;
}
