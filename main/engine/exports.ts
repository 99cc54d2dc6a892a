/** What a door may ask to take out of Tare, and to look at from elsewhere. */
import path from 'node:path';
import type { RunSource } from '../contract/exports';
import type { Run } from '../contract/run/run';
import type { Engine, EngineOptions } from './engine';
import { exportRun, renderChart, renderRun } from './export/exporter';
import { printWithBrowser } from './export/pdf/browser';
import { sharedRun } from './history/kept';
import { readRun } from './history/upgrade';
import type { Ledger } from './process/ledger';
import { reported } from './report/reported';

type Exports = Pick<Engine, 'exportRun' | 'renderRun' | 'renderChart' | 'readRun'>;

/** @param kept  the history */
export function exports(
  options: EngineOptions,
  kept: Pick<Engine, 'run' | 'samples'>,
  closing: AbortSignal,
  ledger: () => Ledger,
): Exports {
  const tools = {
    printPdf: options.printPdf ?? ((page: string) => printWithBrowser(page, closing, ledger())),
  };
  /** a record from elsewhere has no samples beside it */
  const opened = (run: Run): Promise<Run> => reported(run, () => Promise.resolve([]));
  const find = async (source: RunSource, withValues = false): Promise<Run> => {
    const whole = await ('record' in source
      ? opened(source.record)
      : reported(await kept.run({ id: source.id }), () => kept.samples({ id: source.id })));
    return withValues ? whole : sharedRun(whole);
  };
  return {
    exportRun: async ({ id, format, path: target, withValues, ...telling }) =>
      exportRun(await find({ id }, withValues), format, path.resolve(target), telling, tools),
    renderRun: async ({ run, format, withValues, ...telling }) =>
      renderRun(await find(run, withValues), format, telling, tools),
    renderChart: ({ chart, format, locale }) => renderChart(chart, format, locale),
    readRun: async ({ text, name }) => opened(readRun(text, name)),
  };
}
