import type { ReportedRecord } from '../report/reported';
import type { TextExporter } from './format';

/** The record itself; assets/schema describes it: run.schema.json of one host, fleet.schema.json of several. */
export const json: TextExporter<ReportedRecord> = {
  files: (record) => [{ content: `${JSON.stringify(record, null, 2)}\n` }],
};
