/** What a door may ask to take out of Tare, and to look at from elsewhere. */
import path from 'node:path';
import type { RunSource } from '../../contract/exports';
import type { Engine, EngineOptions } from '../engine';
import { exportRecord, renderChart, renderRecord } from '../results/export/exporter';
import { printWithBrowser } from '../results/export/pdf/browser';
import type { KeptRecords } from '../results/history/history';
import { sharedRecord } from '../results/history/kept';
import { readRecord } from '../results/history/upgrade';
import type { Ledger } from '../base/process/ledger';
import { reportedRecord, type ReportedRecord } from '../results/report/reported';

type Exports = Pick<Engine, 'exportRun' | 'renderRun' | 'renderChart' | 'readRecord'>;

export function exports(
  options: EngineOptions,
  kept: Pick<KeptRecords, 'reported'>,
  closing: AbortSignal,
  ledger: () => Ledger,
): Exports {
  const tools = {
    printPdf: options.printPdf ?? ((page: string) => printWithBrowser(page, closing, ledger())),
  };
  // a record from elsewhere has no samples beside it
  const noSamples = () => Promise.resolve([]);
  const find = async (source: RunSource, withValues = false): Promise<ReportedRecord> => {
    const whole = await ('id' in source
      ? kept.reported(source.id)
      : reportedRecord(source.record, noSamples));
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
