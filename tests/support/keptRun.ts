import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Home } from './app';
import { fakeReportedRun } from './fakeRun';

/** A finished run with its report in the history of a program under test. */
export function keepRun({ dataFolder }: Home, preset = 'three-apps'): ReturnType<typeof fakeReportedRun> {
  const run = fakeReportedRun({ preset });
  const folder = path.join(dataFolder, 'runs', run.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(run));
  writeFileSync(path.join(folder, 'samples.ndjson'), '');
  return run;
}
