/** What it takes to bring home 200 hosts at once: agents that replay one run, in this process, each with some megabytes of samples. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { fleetFolder } from '../../main/engine/history/paths';
import { fakeReportedRun } from '../support/fakes/fakeRun';
import { collected, id, runId } from '../support/fleet/collecting';
import { replaying } from '../support/fleet/replaying';

const hosts = [25, 50, 100, 200];
const sampleBytes = 4 * 1024 ** 2;

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MiB`;

export async function bringHome(): Promise<void> {
  const record = JSON.stringify({ ...fakeReportedRun(), id: runId });
  console.log(`a record of ${mebibytes(record.length)}, and ${mebibytes(sampleBytes)} of samples per host`);
  for (const count of hosts) {
    const data = mkdtempSync(path.join(os.tmpdir(), 'tare-fleet-'));
    const way = replaying(record, sampleBytes);
    let highest = 0;
    const look = setInterval(
      () =>
        (highest = Math.max(highest, getHeapStatistics().used_heap_size + process.memoryUsage().external)),
      20,
    );
    const beganMs = performance.now();
    try {
      const ways = Object.fromEntries(Array.from({ length: count }, (_, at) => [`h${at}`, way]));
      await collected(data, ways, { times: { aliveEveryMs: 5000, silentAfterMs: 60_000 } });
      const tookMs = performance.now() - beganMs;
      const home = readdirSync(fleetFolder(data, id), { recursive: true, encoding: 'utf8' });
      const bytes = home.reduce(
        (sum, name) => sum + statSync(path.join(fleetFolder(data, id), name)).size,
        0,
      );
      console.log(
        `${count} hosts: ${(tookMs / 1000).toFixed(1)} s, ${mebibytes(bytes)} at home, at most ${mebibytes(highest)} in memory`,
      );
    } finally {
      clearInterval(look);
      rmSync(data, { recursive: true, force: true });
    }
  }
}
