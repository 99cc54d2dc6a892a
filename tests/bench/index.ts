/**
 * Prints what Tare costs and how true it is. Nothing here passes or fails: figures are for people.
 *   npm run bench              everything
 *   npm run bench -- disk      one part: sampling (or sampling-many) · reporting · history · fleet (or fleet-page) · disk · drawing · container · vm · micro · snapshot · marks · window (or window-live) · statistics (or statistics-power …) · truth (or truth-memory …)
 */
import { compareStarts } from './starts';
import { timeDisk } from './disk';
import { timeDrawing } from './drawing';
import { bringHome, showMany } from './fleet';
import { timeHistory } from './history';
import { timeReporting } from './reporting';
import { costOfMarks } from './marks';
import { costOfSampling, latenessOfMany } from './sampling';
import { falseAlarms } from './statistics/alarms';
import { coverLadders } from './statistics/ladders';
import { statistics } from './statistics/simulations';
import { truths } from './truth/answers';
import { cpuOfStart } from './truth/cpuOfStart';
import { ownMemoryTruths } from './truth/ownMemory';
import { readinessFound } from './truth/readiness';
import { costOfLiveView, costOfWindow } from './window';

const parts: Record<string, () => Promise<void>> = {
  sampling: costOfSampling,
  'sampling-many': () => latenessOfMany(),
  reporting: timeReporting,
  history: timeHistory,
  fleet: bringHome,
  'fleet-page': showMany,
  disk: timeDisk,
  drawing: timeDrawing,
  container: () => compareStarts('container'),
  vm: () => compareStarts('vm:direct'),
  micro: () => compareStarts('vm:micro'),
  snapshot: () => compareStarts('vm:snapshot'),
  marks: costOfMarks,
  window: costOfWindow,
  'window-live': costOfLiveView,
  'truth-readiness': readinessFound,
  'statistics-density': coverLadders,
  'statistics-gate': falseAlarms,
  ...truths,
  ...ownMemoryTruths,
  ...statistics,
  'truth-start-process': () => cpuOfStart('process'),
  'truth-start-container': () => cpuOfStart('container'),
  'truth-start-vm': () => cpuOfStart('vm:direct'),
};

const asked = process.argv.slice(2);
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.some((word) => name === word || name.startsWith(`${word}-`))) continue;
  console.log(`\n# ${name}`);
  await part();
}
