/** What a door may ask to take out of Tare, and to look at from elsewhere. */
import path from 'node:path';
import type { RunSource } from '../contract/exports';
import type { Run, Sample } from '../contract/run';
import type { Engine, EngineOptions } from './engine';
import { exportRun, renderChart, renderRun } from './export/exporter';
import { printWithBrowser } from './export/pdf/browser';
import { readRun } from './history/upgrade';
import { makeReport } from './report/report';

type Exports = Pick<Engine, 'exportRun' | 'renderRun' | 'renderChart' | 'readRun'>;

/** @param kept  the history */
export function exports(
  options: EngineOptions,
  kept: Pick<Engine, 'run' | 'samples'>,
  closing: AbortSignal,
): Exports {
  const tools = { printPdf: options.printPdf ?? ((page: string) => printWithBrowser(page, closing)) };
  /** An interrupted run never came to its report; what it measured can still be told. */
  const reported = (run: Run, samples: Sample[]): Run => ({
    ...run,
    report: run.report ?? makeReport(run, samples),
  });
  const find = async (source: RunSource): Promise<Run> =>
    'record' in source
      ? reported(source.record, [])
      : reported(await kept.run({ id: source.id }), await kept.samples({ id: source.id }));
  return {
    exportRun: async ({ id, format, path: target, locale }) =>
      exportRun(await find({ id }), format, path.resolve(target), locale, tools),
    renderRun: async ({ run, format, locale }) => renderRun(await find(run), format, locale, tools),
    renderChart: ({ chart, format, locale }) => renderChart(chart, format, locale),
    readRun: ({ text, name }) => Promise.resolve().then(() => reported(readRun(text, name), [])),
  };
}
