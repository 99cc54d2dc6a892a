/** What a door may ask to take out of Tare, and to look at from elsewhere. */
import path from 'node:path';
import type { RunSource } from '../contract/exports';
import type { Run, RunId } from '../contract/run/run';
import type { Engine, EngineOptions } from './engine';
import { exportFleet, exportRun, renderChart, renderFleet, renderRun } from './export/exporter';
import { printWithBrowser } from './export/pdf/browser';
import { findFleet } from './history/fleets/calls';
import { sharedFleet, sharedRun } from './history/kept';
import { readRun } from './history/upgrade';
import type { Ledger } from './process/ledger';
import type { ReportedFleet } from './report/hosts/reported';
import { reported } from './report/reported';

type Exports = Pick<Engine, 'exportRun' | 'renderRun' | 'renderChart' | 'readRun'>;

/** @param kept  the history of this data folder */
export function exports(
  options: EngineOptions,
  dataFolder: string,
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
  const fleetOf = async (id: RunId, withValues = false): Promise<ReportedFleet | undefined> => {
    const fleet = await findFleet(dataFolder, id);
    return fleet && !withValues ? sharedFleet(fleet) : fleet;
  };
  return {
    async exportRun({ id, format, path: asked, withValues, ...telling }) {
      const target = path.resolve(asked);
      const fleet = await fleetOf(id, withValues);
      if (fleet) return exportFleet(fleet, format, target, telling, tools);
      return exportRun(await find({ id }, withValues), format, target, telling, tools);
    },
    async renderRun({ run, format, withValues, ...telling }) {
      const fleet = 'id' in run ? await fleetOf(run.id, withValues) : undefined;
      if (fleet) return renderFleet(fleet, format, telling, tools);
      return renderRun(await find(run, withValues), format, telling, tools);
    },
    renderChart: ({ chart, format, locale }) => renderChart(chart, format, locale),
    readRun: async ({ text, name }) => opened(readRun(text, name)),
  };
}
