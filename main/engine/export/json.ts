import type { TextExporter } from './exporter';

/** The record exactly as it is kept; assets/schema/run.schema.json describes it. */
export const json: TextExporter = {
  files: (run) => [{ content: `${JSON.stringify(run, null, 2)}\n` }],
};
