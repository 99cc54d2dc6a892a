/** What a door may ask to take out of Tare, and to look at from elsewhere. */
import path from 'node:path';
import type { OpenedRecord, RunSource } from '../../contract/exports';
import type { Run, RunId } from '../../contract/run/run';
import type { Engine, EngineOptions } from '../engine';
import { exportFleet, exportRun, renderChart, renderFleet, renderRun } from '../results/export/exporter';
import { printWithBrowser } from '../results/export/pdf/browser';
import { findFleet } from '../results/history/fleets/calls';
import { sharedFleet, sharedRun } from '../results/history/kept';
import { readRecord } from '../results/history/upgrade';
import type { Ledger } from '../base/process/ledger';
import { reportedFleet, type ReportedFleet } from '../results/report/hosts/reported';
import { reported } from '../results/report/reported';

/** A record with its report. */
type Reported = { record: Run } | { fleet: ReportedFleet };

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
  /** a record from elsewhere has no samples beside it */
  const opened = (run: Run): Promise<Run> => reported(run, () => Promise.resolve([]));
  const keptRecord = async (id: RunId): Promise<Reported> => {
    const fleet = await findFleet(dataFolder, id);
    return fleet ? { fleet } : { record: await reported(await kept.run({ id }), () => kept.samples({ id })) };
  };
  const openedRecord = async (found: OpenedRecord): Promise<Reported> =>
    'fleet' in found ? { fleet: reportedFleet(found.fleet) } : { record: await opened(found.record) };
  const find = async (source: RunSource, withValues = false): Promise<Reported> => {
    const whole = await ('id' in source ? keptRecord(source.id) : openedRecord(source));
    if (withValues) return whole;
    return 'fleet' in whole ? { fleet: sharedFleet(whole.fleet) } : { record: sharedRun(whole.record) };
  };
  return {
    async exportRun({ id, format, path: asked, withValues, ...telling }) {
      const target = path.resolve(asked);
      const found = await find({ id }, withValues);
      return 'fleet' in found
        ? exportFleet(found.fleet, format, target, telling, tools)
        : exportRun(found.record, format, target, telling, tools);
    },
    async renderRun({ run, format, withValues, ...telling }) {
      const found = await find(run, withValues);
      return 'fleet' in found
        ? renderFleet(found.fleet, format, telling, tools)
        : renderRun(found.record, format, telling, tools);
    },
    renderChart: ({ chart, format, locale }) => renderChart(chart, format, locale),
    readRecord: async ({ text, name }) => openedRecord(readRecord(text, name)),
  };
}
