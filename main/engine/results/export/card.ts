import type { Locale } from '../../../contract/appearance';
import { resultsOf, resultWords } from '../../../contract/fleet/results';
import { explain, listOf, message, planTitleIn, say } from '../../../contract/messages';
import { showBytes } from '../../../contract/quantities';
import { isOfHosts } from '../../../contract/record';
import type { Run } from '../../../contract/run/run';
import { answerCard } from '../../../drawing/card/answer';
import { hostsCard } from '../../../drawing/card/hosts';
import { titleOf } from '../document/facts';
import type { ReportedFleet } from '../report/hosts/reported';
import type { ReportedRecord } from '../report/reported';
import { withFont } from './font';
import type { Exporter, TextExporter } from './format';
import { rasterise } from './png';
import { paint } from './svg';

const mark = 'Tare';

/** A run as a card of 1200 × 630 to share; one without an answer says what became of it instead. */
export const paintCard = (record: ReportedRecord, locale: Locale): string =>
  paint('card', isOfHosts(record) ? cardOfHosts(record, locale) : cardOfRun(record, locale), locale);

function cardOfRun({ plan, report, failure, environment, startedAt }: Run, locale: Locale) {
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
  return answerCard({ title, where, answer: answer ?? { rows: [] } }, mark, locale);
}

function cardOfHosts(fleet: ReportedFleet, locale: Locale) {
  const { report, hosts, startedAt } = fleet;
  const isEmulated = report.comparisons[0]?.hosts.some(({ emulated }) => emulated);
  const where = [
    ...[titleOf(fleet, locale), resultWords(locale, resultsOf(hosts))],
    ...(isEmulated ? [message(locale, 'chart.legend.emulated')] : []),
    startedAt.slice(0, 10),
  ].join(' · ');
  return hostsCard({ title: say(locale, report.text), where }, report, mark, locale);
}

/** One picture of exactly the size that networks show: not twice as large, as slides are. */
export const card: Exporter<ReportedRecord> = {
  files: async (record, locale) => [{ content: await rasterise(paintCard(record, locale), 1) }],
};

/** The same as a drawing. */
export const cardDrawing: TextExporter<ReportedRecord> = {
  files: (record, locale) => [{ content: withFont(paintCard(record, locale)) }],
};
