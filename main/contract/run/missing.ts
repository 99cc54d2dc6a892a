import type { Locale } from '../appearance';
import { isMessageKey, message, wordReason, type MessageKey } from '../messages';
import type { Run } from './run';

/** How reports name what the record calls otherwise. */
const factOf: Record<string, MessageKey> = {
  'host.memoryBytes': 'export.fact.memory',
  'host.availableBytes': 'export.fact.available',
  'host.loadAverage': 'export.fact.load',
  'host.cgroupVersion': 'export.fact.cgroup',
};

/** The name of a figure in words, or as the record has it where there are none. */
function figureName(locale: Locale, what: string): string {
  const places = [
    factOf[what] ?? '',
    `export.fact.${what.replace(/^host\./, '')}`,
    `condition.${what}`,
    `part.${what}`,
    `column.life.${what}`,
  ];
  const key = places.find(isMessageKey);
  return key ? message(locale, key) : what;
}

/** Every figure of a run that could not be read, with its reason, each once. */
export function missingWords(locale: Locale, run: Run): string[] {
  const all = [
    ...run.environment.missing,
    ...run.trials.flatMap(({ memory, lifecycle }) => [...memory.missing, ...(lifecycle?.missing ?? [])]),
  ];
  const lines = all.map(({ what, reason }) =>
    message(locale, 'problem.at', { field: figureName(locale, what), what: wordReason(locale, reason) }),
  );
  return [...new Set(lines)];
}
