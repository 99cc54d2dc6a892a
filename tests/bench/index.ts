/**
 * Prints what Tare costs and how true it is. Nothing here passes or fails: figures are for people.
 *   npm run bench              everything
 *   npm run bench -- disk      one part: sampling (or sampling-many) · reporting · history · fleet (or fleet-page, fleet-ssh) · disk · drawing · container · vm · micro · snapshot · ladder · smallest · marks · window (or window-live) · gate · statistics (or statistics-power …) · truth (or truth-memory …)
 */
import { compareStarts } from './starts';
import { timeDisk } from './disk';
import { timeDrawing } from './drawing';
import { bringHome, showMany } from './fleet';
import { judgeGrown, judgeSame } from './gate';
import { timeHistory } from './history';
import { compareSsh } from './hostBySsh';
import { timeReporting } from './reporting';
import { climbLadder } from './ladder';
import { costOfMarks } from './marks';
import { costOfSampling, latenessOfMany } from './sampling';
import { findSmallest } from './smallest';
import { falseAlarms } from './statistics/alarms';
import { coverLadders } from './statistics/ladders';
import { statistics } from './statistics/simulations';
import { findSteps } from './statistics/steps';
import { truths } from './truth/answers';
import { runsInCompany } from './truth/company';
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
  'fleet-ssh': compareSsh,
  disk: timeDisk,
  drawing: timeDrawing,
  container: () => compareStarts('container'),
  vm: () => compareStarts('vm:direct'),
  micro: () => compareStarts('vm:micro'),
  snapshot: () => compareStarts('vm:snapshot'),
  ladder: climbLadder,
  smallest: findSmallest,
  marks: costOfMarks,
  window: costOfWindow,
  'window-live': costOfLiveView,
  'statistics-steps': findSteps,
  'truth-readiness': readinessFound,
  'statistics-density': coverLadders,
  'statistics-gate': falseAlarms,
  ...truths,
  ...ownMemoryTruths,
  ...statistics,
  'truth-company': runsInCompany,
  'truth-start-process': () => cpuOfStart('process'),
  'truth-start-container': () => cpuOfStart('container'),
  'truth-start-vm': () => cpuOfStart('vm:direct'),
  'gate-grown': judgeGrown,
  'gate-same': () => judgeSame(10),
};

const asked = process.argv.slice(2);
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.some((word) => name === word || name.startsWith(`${word}-`))) continue;
  console.log(`\n# ${name}`);
  await part();
}
