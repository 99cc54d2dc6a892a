/** What Tare itself takes while a trial is under way: a scale should weigh nothing, and a record shows how nearly it does. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { OwnUse } from '../../../contract/run/ownUse';

/** How often the event loop is looked at: each look wakes this process for some microseconds. */
const lookMs = 20;

/** One look serves all that watch. How late it was, in µs. */
const watching = new Set<RecordableHistogram>();
let lastMs = 0;
let timer: NodeJS.Timeout | undefined;

function look(): void {
  const nowMs = performance.now();
  const lateUs = Math.max(1, Math.round((nowMs - lastMs - lookMs) * 1000)); // 1 is the least that a histogram holds
  lastMs = nowMs;
  for (const lateness of watching) lateness.record(lateUs);
}

function watch(lateness: RecordableHistogram): void {
  watching.add(lateness);
  if (timer) return;
  lastMs = performance.now();
  timer = setInterval(look, lookMs).unref();
}

function leave(lateness: RecordableHistogram): void {
  if (performance.now() > lastMs + lookMs) look(); // one is due, and would come too late for this one
  watching.delete(lateness);
  if (watching.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

/** Begins to watch. `read` tells what was taken since, and ends it. */
export function watchOwnUse(): { read(): OwnUse } {
  const cpu = process.cpuUsage();
  const lateness = createHistogram();
  watch(lateness);
  return {
    read() {
      leave(lateness);
      const { user, system } = process.cpuUsage(cpu);
      return {
        cpuMs: (user + system) / 1000,
        residentBytes: process.memoryUsage.rss(),
        ...(lateness.count > 0 && {
          lagP99Ms: lateness.percentile(99) / 1000,
          lagMaxMs: lateness.max / 1000,
        }),
      };
    },
  };
}
