/** What it takes to bring home 200 hosts at once (hosts that replay one run, in this process, each with some megabytes of samples), and to show them. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { fleetFolder } from '../../main/engine/base/paths';
import { partOf } from '../../main/engine/results/report/hosts/part';
import { hostsReport } from '../../main/engine/results/report/hosts/report';
import { reportedFleet } from '../../main/engine/results/report/hosts/reported';
import { fakeReportedRun } from '../support/fakes/fakeRun';
import { fleetOf, okHost, runOnHost } from '../support/fakes/hostRuns';
import { keepFleet } from '../support/fakes/keptRun';
import { collected, id, runId } from '../support/fleet/collecting';
import { replaying } from '../support/fleet/replaying';
import { showPage } from '../support/window/pages';
import { serveToBrowser } from '../support/window/served';
import { figure } from './figures';

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
      await collected(data, ways, { limits: {} });
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

const shownHosts = 200;
const rounds = 7;

/** From the history to the report of many hosts, and from there to that of one of them, by the built page in a browser. */
export async function showMany(): Promise<void> {
  const fleet = fleetOf(
    Array.from({ length: shownHosts }, (_, at) => okHost(`node-${at}`, runOnHost(at))),
    id,
  );
  const [report, seen, followed]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const fromMs = performance.now();
    hostsReport(fleet.hosts.map(partOf));
    report.push(performance.now() - fromMs);
  }
  await using served = await serveToBrowser({ prepare: (own) => keepFleet(own, reportedFleet(fleet)) });
  for (let round = 0; round < rounds; round += 1) {
    const { page } = await served.visit();
    await showPage(page, { page: 'history' });
    const answer = page.getByRole('region', { name: 'The answer' });
    const askedMs = performance.now();
    await page.locator(`a[href$="${id}"]`).first().click();
    await answer.waitFor();
    const row = page.getByRole('button', { name: 'node-7', exact: true });
    await row.waitFor();
    const clickedMs = performance.now();
    await row.click();
    await page.getByText('measured on node-7, read only').waitFor();
    await answer.waitFor();
    const shownMs = performance.now();
    seen.push(clickedMs - askedMs);
    followed.push(shownMs - clickedMs);
    await page.context().close();
  }
  figure(`report over ${shownHosts} hosts`, report);
  figure('from the history until its answer and hosts stand there', seen);
  figure('from a click on a host until its own report does', followed);
}
