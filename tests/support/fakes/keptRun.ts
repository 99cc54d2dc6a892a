import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Fleet } from '../../../main/contract/fleet/fleet';
import { Run, type Sample } from '../../../main/contract/run/run';
import type { Ledger } from '../../../main/engine/base/process/ledger';
import type { Home } from '../window/app';
import { fakeReportedRun, fakeRun, fakeSamples, type FakeRunOptions } from './fakeRun';

/** What the history of a program under test is to hold. */
export interface Kept extends FakeRunOptions {
  /** default: that of every fake run */
  id?: string;
}

/** A finished run with its report in the history of a program under test: `three-apps` when nothing else is said. */
export function keepRun(home: Home, { id, ...options }: Kept = {}): ReturnType<typeof fakeReportedRun> {
  const run = fakeReportedRun({ preset: 'three-apps', ...options });
  if (id !== undefined) run.id = id;
  keep(home, run, []);
  return run;
}

/**
 * A run in the middle of its trials, of a Tare that lives: whoever keeps this ledger.
 * @returns takes it out of the ledger: it is not under way any more
 */
export function keepRunUnderWay(home: Home, ledger: Ledger, { id, ...options }: Kept = {}): () => void {
  const whole = fakeRun(options);
  const run = Run.parse({
    ...whole,
    id: id ?? whole.id,
    session: ledger.session,
    state: 'running',
    endedAt: undefined,
  });
  run.trials = run.trials.slice(0, -1);
  const end = ledger.noteWork({ kind: 'run', run: run.id, startedAt: run.startedAt });
  keep(home, run, fakeSamples(run));
  return end;
}

/** A run on several hosts in the history of a program under test. */
export function keepFleet({ dataFolder }: Home, fleet: Fleet): void {
  const folder = path.join(dataFolder, 'fleets', fleet.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'fleet.json'), JSON.stringify(fleet));
}

function keep({ dataFolder }: Home, run: Run, samples: Sample[]): void {
  const folder = path.join(dataFolder, 'runs', run.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(run));
  writeFileSync(
    path.join(folder, 'samples.ndjson'),
    samples.map((one) => JSON.stringify(one) + '\n').join(''),
  );
}
