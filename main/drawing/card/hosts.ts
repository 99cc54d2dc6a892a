/** What several hosts say together as a card. */
import type { Locale } from '../../contract/appearance';
import { say } from '../../contract/messages';
import type { HostsReport } from '../../contract/report/fleet';
import { forest, type ForestSpec } from '../forest/forest';
import type { Format } from '../format';
import type { Plot } from '../plot';
import { text } from '../shapes';
import type { Slide } from '../slide';
import { sureWords } from '../answer/sureness';
import { cardOf, fitting, type CardFacts } from './card';

const gap = 18;

/** Below each other, each with its title. */
function stacked(
  specs: readonly ForestSpec[],
  locale: Locale,
  format: Format,
): Pick<Plot, 'height' | 'draw' | 'description'> {
  const { look, label, margin } = format;
  const head = label * 1.9;
  const all = specs.map((spec) => ({ title: say(locale, spec.title), plot: forest(spec, locale, format) }));
  const tops = all.map((_, at) =>
    all.slice(0, at).reduce((sum, { plot }) => sum + head + plot.height + gap, 0),
  );
  return {
    height: all.reduce((sum, { plot }) => sum + head + plot.height + gap, -gap),
    draw: (top) => ({
      shapes: all.flatMap(({ title, plot }, at) => {
        const from = top + tops[at]!;
        return [
          text(margin, from + label, title, { size: label, fill: look.text, weight: 650 }),
          ...plot.draw(from + head, plot.height).shapes,
        ];
      }),
      spots: () => [],
    }),
    description: all.flatMap(({ title, plot }) => [title, ...plot.description]),
  };
}

/** All hosts, or their mean alone where there is no room for so many; both quantities, or memory, which comes first. */
function variantsOf(specs: readonly ForestSpec[]): ForestSpec[][] {
  const means = specs.filter(({ pooled }) => pooled).map((spec) => ({ ...spec, rows: [] }));
  return [[...specs], specs.slice(0, 1), means, means.slice(0, 1)].filter(({ length }) => length > 0);
}

/** @param mark  the program's name */
export function hostsCard(
  facts: CardFacts,
  { charts, sureness }: Pick<HostsReport, 'charts' | 'sureness'>,
  mark: string,
  locale: Locale,
): Slide {
  // the charts of the sentence's pair
  const specs = charts.slice(0, sureness.length).filter((spec) => spec.kind === 'forest');
  return cardOf(facts, sureWords(sureness, locale), mark, (room) => {
    const found = fitting(variantsOf(specs), room, (some, format) => stacked(some, locale, format));
    return found && stacked(found.variant, locale, found.format);
  });
}
