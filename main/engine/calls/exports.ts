/** What a door may ask to take out of Tare, and to look at from elsewhere. */
import path from 'node:path';
import type { RunSource } from '../../contract/exports';
import type { RunId } from '../../contract/run/run';
import type { Engine, EngineOptions } from '../engine';
import { exportRecord, renderChart, renderRecord } from '../results/export/exporter';
import { printWithBrowser } from '../results/export/pdf/browser';
import { findFleet } from '../results/history/fleets/calls';
import { sharedRecord } from '../results/history/kept';
import { readRecord } from '../results/history/upgrade';
import type { Ledger } from '../base/process/ledger';
import { reported, reportedRecord, type ReportedRecord } from '../results/report/reported';

type Exports = Pick<Engine, 'exportRun' | 'renderRun' | 'renderChart' | 'readRecord'>;

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
  const keptRecord = async (id: RunId): Promise<ReportedRecord> =>
    (await findFleet(dataFolder, id)) ?? reported(await kept.run({ id }), () => kept.samples({ id }));
  // a record from elsewhere has no samples beside it
  const noSamples = () => Promise.resolve([]);
  const find = async (source: RunSource, withValues = false): Promise<ReportedRecord> => {
    const whole = await ('id' in source ? keptRecord(source.id) : reportedRecord(source.record, noSamples));
    return withValues ? whole : sharedRecord(whole);
  };
  return {
    exportRun: async ({ id, format, path: asked, withValues, ...how }) =>
      exportRecord(await find({ id }, withValues), format, path.resolve(asked), how, tools),
    renderRun: async ({ run, format, withValues, ...how }) =>
      renderRecord(await find(run, withValues), format, how, tools),
    renderChart: ({ chart, format, locale }) => renderChart(chart, format, locale),
    readRecord: async ({ text, name }) => ({
      record: await reportedRecord(readRecord(text, name), noSamples),
    }),
  };
}
