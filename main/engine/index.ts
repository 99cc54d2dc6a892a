import 'core-js/proposals/explicit-resource-management';
import path from 'node:path';
import type { RunReference } from '../contract/report/comparison';
import type { TareEvent } from '../contract/events';
import { clean } from './clean';
import { doctor } from './doctor';
import type { Engine, EngineOptions } from './engine';
import { TareError } from './errors';
import { exports } from './exports';
import { historyCalls } from './history/history';
import { loadRunFile } from './history/store';
import { purgeTrash } from './history/trash';
import { JobRecords } from './work/records';
import { Jobs } from './work/jobs';
import { lookups } from './work/lookups';
import { compareRuns } from './report/comparison/comparison';
import { createResources } from './resources';
import { openSettings, plansDefaults } from './settings/settings';
import { CurrentRun } from './work/currentRun';
import { newRunId, startRun } from './run/start';
import { presets } from './workloads/presets';

export type { Engine, EngineOptions } from './engine';

/**
 * The engine: everything a door can ask. It prints nothing and knows no window; it tells what happens as events.
 * The caller must `close` it: that stops what runs and leaves nothing behind.
 */
export function createEngine(options: EngineOptions): Engine {
  const settings = openSettings(options);
  const dataFolder = settings.value('dataFolder')!;
  const listeners = new Set<(event: TareEvent) => void>();
  const emit = (event: TareEvent) => {
    records.note(event);
    listeners.forEach((listener) => listener(event));
  };
  const records = new JobRecords(emit);
  const closing = new AbortController();
  const jobs = new Jobs();
  const resources = createResources(options, settings, emit);
  const current = new CurrentRun(closing.signal);

  const history = historyCalls(dataFolder, () => current.id);

  return {
    async startRun({ plan }) {
      const [call] = jobs.names();
      if (call !== undefined) throw new TareError({ code: 'job-under-way', call });
      const id = newRunId();
      return current.start(id, async () => {
        await purgeTrash(dataFolder);
        closing.signal.throwIfAborted();
        return startRun(id, plan, resources, emit);
      });
    },
    stopRun: ({ id }) => current.stop(id),
    ...history,
    presets: () => Promise.resolve(presets.map((preset) => ({ ...plansDefaults(settings), ...preset }))),
    settings: () => Promise.resolve(settings.report()),
    changeSettings: (change) => settings.change(change),
    async compare({ base, other, minimumEffect }) {
      const find = (run: RunReference) =>
        'id' in run ? history.run(run) : loadRunFile(path.resolve(run.path));
      return compareRuns(await find(base), await find(other), minimumEffect);
    },
    doctor: ({ again }) => doctor(resources, again, closing.signal),
    clean: ({ dryRun, cache }) => clean(resources, dryRun, cache),
    ...exports(options, history, closing.signal),
    ...lookups(resources, jobs, records, () => current.id, emit),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closing.abort();
      await jobs.close();
      await current.stop();
      resources.close();
    },
  };
}
