/** A run on several hosts as files: each format tells what the report says, and what a host or a person wrote can harm none of them. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExportFormat } from '../../../../../../main/contract/exports';
import { Fleet } from '../../../../../../main/contract/fleet/fleet';
import { message, say } from '../../../../../../main/contract/messages';
import { exportRecord } from '../../../../../../main/engine/results/export/exporter';
import { reportedFleet } from '../../../../../../main/engine/results/report/hosts/reported';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../../support/fakes/hostRuns';

const tools = { printPdf: (page: string) => Promise.resolve(Buffer.from(`%PDF ${page}`)) };
const fleet = reportedFleet(
  fleetOf([...[1, 2, 3].map((seed) => okHost(`bench-${seed}`, runOnHost(seed))), lostHost('bench-4')]),
);
const { report } = fleet;

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'tare-hosts-export-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const written = async (format: ExportFormat, name: string, of = fleet, locale: 'en' | 'zh-CN' = 'en') => {
  const target = path.join(folder, name);
  await exportRecord(of, format, target, { locale, published: false }, tools);
  return readFile(target, 'utf8');
};

describe.each(['en', 'zh-CN'] as const)('in %s', (locale) => {
  test.each(['html', 'md', 'pdf', 'summary'] as const)(
    '%s says the sentence first, how sure it is, and who gave nothing and why',
    async (format) => {
      const text = (await written(format, 'a.txt', fleet, locale))
        .replace(/&nbsp;|\u00a0/g, ' ')
        .replace(/\\/g, '');
      const places = [
        say(locale, report.text),
        say(locale, report.sureness[0]!.said),
        message(locale, 'hosts.title.missing'),
      ].map((words) => text.indexOf(words));
      expect(Math.min(...places)).toBeGreaterThan(0);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(text).toContain('bench-4');
    },
  );
});

test('json is the record itself, whole', async () => {
  const record = JSON.parse(await written('json', 'fleet.json')) as unknown;
  expect(record).toEqual(JSON.parse(JSON.stringify(fleet)));
  expect(Fleet.parse(record).hosts[0]!.run!.trials).toHaveLength(18);
});

test('csv has a row per trial with its host in front, and one for a host that gave none', async () => {
  const [head, ...rows] = (await written('csv', 'a.csv'))
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(head!.slice(0, 4)).toEqual(['host', 'hostOutcome', 'hostFailure', 'trial']);
  expect(rows).toHaveLength(3 * 18 + 1);
  for (const row of rows) expect(row).toHaveLength(head!.length);
  const ready = head!.indexOf('readyMs');
  const second = rows.filter(([host]) => host === 'bench-2').map((row) => Number(row[ready]));
  expect(second).toEqual(runOnHost(2).trials.map(({ readyMs }) => readyMs));
  expect(rows.at(-1)!.slice(0, 4)).toEqual(['bench-4', 'failed', 'docker-unreachable', '']);
});

test('svg is a folder with a picture per comparison, and one file the first of them; Markdown has them beside it', async () => {
  const all = path.join(folder, 'all');
  await exportRecord(fleet, 'svg', all, { locale: 'en', published: false }, tools);
  expect((await readdir(all)).sort()).toEqual(report.charts.map(({ id }) => `${id}.svg`).sort());
  expect(await written('svg', 'one.svg')).toBe(await readFile(path.join(all, 'hosts-memory.svg'), 'utf8'));
  const text = await written('md', 'report.md');
  for (const { id } of report.charts) {
    expect(text).toContain(`(report-${id}.svg)`);
    expect(await readFile(path.join(folder, `report-${id}.svg`), 'utf8')).toContain('bench-2');
  }
});

test('what a host says is text and nothing else', async () => {
  const evil = '"><script>alert(1)</script>| `x` [a](javascript:b)';
  const run = runOnHost(1);
  run.environment.host.cpu = evil;
  run.environment.host.kernel = evil;
  const hosts = [
    okHost('bench-1', run),
    okHost('bench-2', runOnHost(2)),
    { ...lostHost('bench-3'), address: evil },
  ];
  const one = reportedFleet({ ...fleetOf(hosts), label: { note: evil } });
  const html = await written('html', 'a.html', one);
  expect(html).not.toContain('<script>alert');
  const text = await written('md', 'a.md', one);
  expect(text).not.toContain('<script>');
  expect(text).not.toContain('[a](javascript');
});
