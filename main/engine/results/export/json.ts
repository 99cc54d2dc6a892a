import type { TextExporter } from './format';

/** The record itself; assets/schema/run.schema.json describes it. */
export const json: TextExporter = {
  files: (run) => [{ content: `${JSON.stringify(run, null, 2)}\n` }],
};
