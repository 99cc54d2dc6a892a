/** A run's answer as one paragraph of plain text, to be pasted into a message or an issue. */
import type { Locale } from '../appearance';
import { listOf, message, nameOf, say } from '../messages';
import { showInterval, showValue } from '../quantities';
import type { Run } from '../run/run';
import type { AnswerRow, AnswerSide } from './report';

/** What was found, on what it was measured, and the run's id; undefined of a run that found nothing. */
export function summaryText(run: Run, locale: Locale): string | undefined {
  const answer = run.report?.answer;
  if (!answer) return undefined;
  const isZh = locale === 'zh-CN';
  return [
    `${madeOn(run, locale)}${isZh ? '：' : ':'}`,
    say(locale, answer.text),
    ...answer.rows.map((row) => rowWords(row, locale)),
    message(locale, 'summary.rounds', { rounds: run.plan.trials }),
    message(locale, 'summary.run', { id: run.id }),
  ].join(isZh ? '' : ' ');
}

/** `Tare 0.1.0, AMD EPYC (2 cores), Docker 26.1.5, QEMU 10.0 (emulated)` */
export function madeOn({ environment: { tareVersion, host, engine, qemu } }: Run, locale: Locale): string {
  return listOf(
    locale,
    [
      `Tare ${tareVersion}`,
      host.cpu && (host.cores ? `${host.cpu} (${host.cores})` : host.cpu),
      engine && `${engine.name} ${engine.version}`,
      qemu && `QEMU ${qemu.version} (${message(locale, `accelerator.${qemu.accelerator}`)})`,
    ].filter((part): part is string => Boolean(part)),
  );
}

/** More sides than this make a list of figures: the ratios are then left to the report. */
const mostWithRatios = 3;

function rowWords({ id, unit, sides }: AnswerRow, locale: Locale): string {
  const isEmulated = id === 'start-up' && sides.some(({ emulated }) => emulated);
  const all = sides.map((side) => {
    const figure = `${nameOfSide(side, locale)} ${showValue(locale, unit, side.value)}`;
    const beside = sides.length > mostWithRatios ? [] : ratioWords(side, locale);
    return beside.length === 0
      ? figure
      : message(locale, 'summary.beside', { figure, beside: listOf(locale, beside) });
  });
  return message(locale, isEmulated ? 'summary.start-up-emulated' : `summary.${id}`, {
    sides: listOf(locale, all),
  });
}

const nameOfSide = ({ label, target }: AnswerSide, locale: Locale): string =>
  label === undefined ? nameOf(locale, 'target', target) : say(locale, label);

const ratioWords = ({ against }: AnswerSide, locale: Locale): string[] => [
  ...(against ? [showValue(locale, 'times', against.ratio)] : []),
  ...(against?.interval ? [showInterval(locale, 'times', against.interval)] : []),
];
