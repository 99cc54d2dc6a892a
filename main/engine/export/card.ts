import type { Locale } from '../../contract/appearance';
import { explain, listOf, message, planTitleIn, say } from '../../contract/messages';
import { showBytes } from '../../contract/quantities';
import type { Run } from '../../contract/run/run';
import { answerCard } from '../../drawing/answer/card';
import { withFont } from './font';
import type { Exporter, TextExporter } from './format';
import { rasterise } from './png';
import { paint } from './svg';

/** A run as a card of 1200 × 630 to share; one without an answer says what became of it instead. */
export function paintCard({ plan, report, failure, environment, startedAt }: Run, locale: Locale): string {
  const { cpu, cores, memoryBytes } = environment.host;
  const answer = report?.answer;
  const title = answer
    ? say(locale, answer.text)
    : failure
      ? explain(locale, failure).what
      : planTitleIn(locale, plan.name);
  const facts = [
    cpu,
    cores === undefined ? undefined : message(locale, 'export.card.cores', { cores }),
    memoryBytes === undefined ? undefined : showBytes(locale, memoryBytes),
  ].filter((fact) => fact !== undefined);
  const where = [listOf(locale, facts), startedAt.slice(0, 10)].filter(Boolean).join(' · ');
  return paint('card', answerCard({ title, where, answer: answer ?? { rows: [] } }, 'Tare', locale), locale);
}

/** One picture of exactly the size that networks show: not twice as large, as slides are. */
export const card: Exporter = {
  files: async (run, locale) => [{ content: await rasterise(paintCard(run, locale), 1) }],
};

/** The same as a drawing. */
export const cardDrawing: TextExporter = {
  files: (run, locale) => [{ content: withFont(paintCard(run, locale)) }],
};
