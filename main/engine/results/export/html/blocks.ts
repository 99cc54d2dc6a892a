/** The blocks of a report as markup. */
import type { Locale } from '../../../../contract/appearance';
import { message, say } from '../../../../contract/messages';
import { unbroken } from '../../../../contract/quantities';
import type { Block, Painters, Picture } from '../../document/blocks';
import { paintPicture } from '../svg';
import { Markup, markup } from './markup';
import { chartTables, reportTable } from './tables';

/** @param printed  nothing to click */
export function paintBlocks(blocks: readonly Block[], locale: Locale, printed: boolean): Markup[] {
  const all = (some: readonly Block[]): Markup[] => some.map(paint);
  const painters: Painters<Markup> = {
    heading,
    answer: ({ sentence, blocks: inside }) => markup`<section class="answer" aria-labelledby="answer">
${[markup`<h2 id="answer">${unbroken(sentence)}</h2>`, ...all(inside)]}
</section>`,
    section: ({ id, title, blocks: inside }) => markup`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${all(inside)}
</section>`,
    method: ({ title, blocks: inside }) =>
      printed
        ? markup`<section class="method" aria-labelledby="method">\n<h2 id="method">${title}</h2>\n${all(inside)}\n</section>`
        : markup`<details class="method" id="method"><summary>${title}</summary>\n${all(inside)}\n</details>`,
    group: ({ title, blocks: inside }) =>
      markup`<div class="block">\n<h3>${title}</h3>\n${all(inside)}\n</div>`,
    paragraph: ({ words }) => markup`<p>${words}</p>`,
    picture: ({ picture: one }) => picture(one, locale, printed),
    table: (block) => table(block, locale, printed),
    list: ({ lines }) => markup`<ul class="plain">\n${lines.map(line)}\n</ul>`,
    sureness: ({ title, figures, doubts }) => markup`<div class="sure">
<h3>${title}</h3>
<ul>
${[...figures.map(line), ...doubts.map((doubt) => markup`<li class="muted">${doubt}</li>`)]}
</ul>
</div>`,
    terms: ({ of, terms }) => markup`<dl${of === 'facts' ? undefined : markup` class="findings"`}>
${terms.map(([term, words]) => markup`<div><dt>${term}</dt><dd>${words}</dd></div>`)}
</dl>`,
    command: ({ of, line: command }) => {
      const code = markup`<pre tabindex="0"><code>${command}</code></pre>`;
      return printed
        ? markup`<p class="of">${of}</p>\n${code}`
        : markup`<details><summary>${of}</summary>\n${code}\n</details>`;
    },
  };
  const paint = <One extends Block>(block: One): Markup =>
    (painters[block.kind] as (block: One) => Markup)(block);
  return all(blocks);
}

const line = ({ lead, words }: { lead?: string; words: string }): Markup =>
  lead === undefined ? markup`<li>${words}</li>` : markup`<li><b>${lead}</b> ${words}</li>`;

function heading({ id, title, subtitle, note, failure }: Extract<Block, { kind: 'heading' }>): Markup {
  // an id that is broken over two lines cannot be searched for in a PDF
  const [before, ...after] = subtitle.split(id);
  const whole = after.length > 0 ? markup`<span class="whole">${id}</span>` : undefined;
  return markup`<header>
${[
  markup`<p class="brand">Tare</p>`,
  markup`<h1>${title}</h1>`,
  markup`<p class="muted">${before}${whole}${after.join(id)}</p>`,
  note === undefined ? undefined : markup`<p class="written">${note}</p>`,
  failure && markup`<p class="failure"><strong>${failure.what}</strong> ${failure.remedy}</p>`,
]}
</header>`;
}

/** A drawing, and of a chart its figures behind it, as a table; paper has those in the report's own tables. */
function picture(one: Picture, locale: Locale, printed: boolean): Markup {
  const behind =
    one.of === 'answer' || printed
      ? undefined
      : markup`<details><summary>${message(locale, 'ui.chart.table')}</summary>
${chartTables(one.spec, locale)}
</details>`;
  return markup`<figure data-name="${one.of === 'answer' ? 'answer' : one.spec.id}">
${[new Markup(paintPicture(one, locale).trimEnd()), behind]}
</figure>`;
}

/** Under its title, and on a screen folded to that. */
function table(
  { table: one, open }: Extract<Block, { kind: 'table' }>,
  locale: Locale,
  printed: boolean,
): Markup {
  const title = say(locale, one.title);
  const painted = reportTable(one, locale);
  if (open) return markup`<h3>${title}</h3>\n${painted}`;
  const id = `table-${one.id}`;
  return printed
    ? markup`<h3 id="${id}">${title}</h3>\n${painted}`
    : markup`<details class="table"><summary id="${id}">${title}</summary>\n${painted}\n</details>`;
}
