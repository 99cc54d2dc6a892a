/**
 * `npm run soak [-- --minutes N]`: the same run again and again, half of the time in a window and half in `tare serve` with two pages open, and
 * prints how memory, file descriptors, delays and data written go. Ends with 1 when something grows.
 */
import { parseArgs } from 'node:util';
import { openStage } from '../stage/stage';
import type { Reading } from './reading';
import { verdictOf } from './verdict';
import { soakPages, soakWindow } from './subjects';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, only: { type: 'string' } },
});

const subjects = { window: soakWindow, serve: soakPages };
const chosen = Object.entries(subjects).filter(([name]) => values.only === undefined || values.only === name);
const minutesEach = Number(values.minutes) / chosen.length;

const stage = await openStage();
let isFlat = true;
try {
  for (const [name, soak] of chosen) {
    const scene = stage.scene(`soak${name}`);
    const readings: Reading[] = [];
    let runs: number;
    try {
      runs = await soak(stage, scene, minutesEach, (reading) => void readings.push(reading));
    } finally {
      await scene.close();
    }
    const verdict = verdictOf(readings);
    isFlat &&= verdict.isFlat;
    console.log(
      `\n# ${name}: ${runs} runs in ${minutesEach} minutes, ${readings.length} readings\n\n${verdict.table}`,
    );
  }
} finally {
  await stage.close();
}
process.exit(isFlat ? 0 : 1);
