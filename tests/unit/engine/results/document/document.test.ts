/** The outline of reports, which is one for a run and for several hosts: what is in it, and in which order. */
import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { message, say } from '../../../../../main/contract/messages';
import { hasPublished } from '../../../../../main/contract/report/published';
import { partsOf } from '../../../../../main/contract/report/subjects';
import type { Block } from '../../../../../main/engine/results/document/blocks';
import { documentOf } from '../../../../../main/engine/results/document/document';
import { reportedFleet } from '../../../../../main/engine/results/report/hosts/reported';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../support/fakes/hostRuns';

const run = fakeReportedRun({ preset: 'three-apps' });
const fleet = reportedFleet(
  fleetOf([...[1, 2, 3].map((seed) => okHost(`bench-${seed}`, runOnHost(seed))), lostHost('bench-4')]),
);

/** Each block by what it is about. */
const outline = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block) => [
    ...(block.kind === 'section' ? [`section ${block.id}`] : []),
    ...(block.kind === 'group' ? [block.title] : []),
    ...(block.kind === 'table' ? [`table ${block.table.id}`] : []),
    ...(block.kind === 'picture'
      ? [`picture ${block.picture.of === 'answer' ? 'answer' : block.picture.spec.id}`]
      : []),
    ...(['heading', 'answer', 'sureness', 'method', 'terms', 'command'].includes(block.kind)
      ? [block.kind]
      : []),
    ...('blocks' in block ? outline(block.blocks) : []),
  ]);
const picture = ({ id }: { id: string }) => `picture ${id}`;
const table = ({ id }: { id: string }) => `table ${id}`;

describe.each(locales)('a report as a document (%s)', (locale) => {
  const groups = [...outline(documentOf(run, locale, 'screen'))];
  const method = groups.slice(groups.indexOf('method'));

  test('of a run has the answer first, then every chart and table by subject, then the method', () => {
    const subjects = partsOf(run.report).flatMap(({ subject, charts, tables }) => [
      `section about-${subject}`,
      ...charts.map(picture),
      ...tables.map(table),
    ]);
    expect(groups).toEqual([
      ...['heading', 'answer', 'picture answer', 'sureness', table(run.report.answer!.applications!)],
      ...subjects,
      ...method,
    ]);
    expect(method).toEqual([
      ...['method', message(locale, 'export.findings'), 'terms', message(locale, 'ui.report.notes')],
      message(locale, 'export.missing'),
      ...[message(locale, 'export.environment'), 'terms', message(locale, 'export.commands')],
      ...run.environment.commands.map(() => 'command'),
    ]);
  });

  test('of a run on paper has the first chart and table of each subject, and what was asked for', () => {
    const shown = outline(documentOf(run, locale, 'paper'));
    for (const { charts, tables } of partsOf(run.report)) {
      expect(charts.map(picture).filter((one) => shown.includes(one))).toEqual(
        charts.filter((spec, at) => at === 0 || hasPublished(spec)).map(picture),
      );
      expect(tables.map(table).filter((one) => shown.includes(one))).toEqual(tables.slice(0, 1).map(table));
    }
    const targets = new Set(run.environment.commands.map(({ target }) => target));
    expect(shown.filter((one) => one === 'command')).toHaveLength(targets.size);
  });

  test('as text has published figures before the method', () => {
    const shown = outline(documentOf(run, locale, 'text'));
    const published = run.report.charts.filter(hasPublished).map(({ id }) => `section published-${id}`);
    expect(shown).toEqual([...groups.slice(0, groups.indexOf('method')), ...published, ...method]);
  });

  test('of several hosts has the pictures of its sentence, who gave nothing, all tables, and the method', () => {
    const { charts, sureness, tables, text } = fleet.report;
    const blocks = documentOf(fleet, locale, 'screen');
    expect(blocks[1]).toMatchObject({ kind: 'answer', sentence: say(locale, text) });
    const shown = outline(blocks);
    expect(shown.slice(0, shown.indexOf('method'))).toEqual([
      ...['heading', 'answer', ...charts.slice(0, sureness.length).map(picture), 'sureness'],
      ...['section reasons', 'terms', 'section hosts'],
      ...charts.slice(sureness.length).map(picture),
      ...tables.map(table),
    ]);
  });
});
