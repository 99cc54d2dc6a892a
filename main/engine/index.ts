import type { TareEvent } from '../contract/events';
import { clean } from './calls/clean';
import { comparing } from './calls/compare';
import { weighCache } from './images/disk/cache';
import { doctor } from './calls/doctor';
import type { Engine, EngineOptions } from './engine';
import { exports } from './calls/exports';
import { guestParts } from './images/guest/guestParts';
import { historyCalls, keptRecords } from './results/history/history';
import { ledgerFolder } from './base/paths';
import { composeCalls } from './images/compose/calls';
import { imageCalls } from './calls/images';
import { withSystemFolders } from './base/process/programs';
import { createResources, type Resources } from './measure/resources';
import { unlessAborted } from './base/signals';
import { chosenHosts, hostCalls } from './base/settings/hosts';
import { openSettings, plansDefaults } from './base/settings/settings';
import { runCalls } from './calls/runs';
import { buildFolderCalls } from './inspect/workflow/starter';
import { jobCalls } from './calls/jobs';
import { noteInBoth, openMachineLock, type MachineLock } from './base/work/machine';
import { workUnderWay } from './base/work/underWay';
import { Work } from './base/work/work';
import { presets } from './measure/workloads/presets';

export type { Engine, EngineOptions } from './engine';

/**
 * The engine: everything a door can ask. It prints nothing and knows no window; it tells what happens as events.
 * Programs that it starts are also looked for where Debian does not let a user look.
 * The caller must `close` it: that stops what runs and leaves nothing behind.
 */
export function createEngine(options: EngineOptions): Engine {
  if (process.platform !== 'win32') process.env.PATH = withSystemFolders(process.env.PATH);
  const settings = openSettings(options);
  const dataFolder = settings.value('dataFolder')!;
  const events = openEvents();
  const emit = (event: TareEvent) => {
    work.take(event);
    events.tell(event);
  };
  const closing = new AbortController();
  const resources = createResources(options, settings, emit);
  const machine = openMachineLock();
  const work = new Work({
    emit,
    note: (said, elsewhere) => {
      const note = { ...said, ...(options.door && { door: options.door }) };
      return elsewhere ? resources.ledger().noteWork(note) : noteInBoth(note, resources.ledger(), machine);
    },
    others: () => machine.others(),
    closing: closing.signal,
  });
  const underWay = () => workUnderWay(ledgerFolder(dataFolder), resources.session());
  const kept = keptRecords(dataFolder, underWay);
  const { cacheFolder } = resources;

  return {
    ...runCalls(options, {
      chosen: (hosts) => chosenHosts(settings.folder, hosts),
      resources,
      work,
      others: () => machine.others(),
      emit,
      closing: closing.signal,
    }),
    ...jobCalls(resources, work, emit),
    work: () => Promise.resolve(work.records()),
    underWay: () => Promise.resolve(underWay()),
    ...historyCalls(dataFolder, underWay, kept),
    presets: () => Promise.resolve(presets.map((preset) => ({ ...plansDefaults(settings), ...preset }))),
    ...composeCalls(() => plansDefaults(settings), closing.signal),
    settings: () => Promise.resolve(settings.report()),
    changeSettings: (change) => settings.change(change),
    ...hostCalls(settings.folder),
    compare: comparing(kept),
    doctor: ({ again }) => doctor(resources, again, closing.signal),
    clean: ({ dryRun, cache }) =>
      clean(resources, dryRun, cache, () => underWay().length === 0 && machine.others().length === 0),
    ...exports(options, kept, closing.signal, () => resources.ledger()),
    ...imageCalls(resources, work),
    ...buildFolderCalls(resources, work),
    cache: () => weighCache(cacheFolder, resources.cacheBytes()),
    guestParts: () => guestParts(resources),
    onEvent: events.onEvent,
    async close(hurry) {
      closing.abort();
      await unlessAborted(release(work, machine, resources), hurry);
      return resources.leftBehind();
    },
  };
}

async function release(work: Work, machine: MachineLock, resources: Resources): Promise<void> {
  await work.close();
  machine.close();
  await resources.leaveEngine();
  resources.close();
}

/** Tells events to all who listen at that moment. */
function openEvents(): Pick<Engine, 'onEvent'> & { tell: (event: TareEvent) => void } {
  const listeners = new Set<(event: TareEvent) => void>();
  return {
    tell: (event) => listeners.forEach((listener) => listener(event)),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
