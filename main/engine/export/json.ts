import type { Exporter } from './exporter';

/** The record exactly as it is kept; assets/schema/run.schema.json describes it. */
export const json: Exporter = {
  files: (run) => [{ content: `${JSON.stringify(run, null, 2)}\n` }],
};
