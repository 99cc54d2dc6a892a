/** Runs on several hosts in the history: kept, listed, shown, renamed, deleted and brought back as runs are. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fleet, FleetOverview } from '../../../../../main/contract/fleet/fleet';
import { isOfHosts } from '../../../../../main/contract/record';
import { comparing } from '../../../../../main/engine/calls/compare';
import { historyCalls, keptRecords, overviewOf } from '../../../../../main/engine/results/history/history';
import {
  fleetFile,
  fleetFolder,
  fleetHostFolder,
  summariesFile,
} from '../../../../../main/engine/base/paths';
import { reportedFleet } from '../../../../../main/engine/results/report/hosts/reported';
import { createRun } from '../../../../../main/engine/results/history/store';
import type { RunReference } from '../../../../../main/contract/report/comparison';
import { fakeRun } from '../../../../support/fakes/fakeRun';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../support/fakes/hostRuns';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-fleets-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const [older, newer] = ['20260101-120000-00ff', '20260102-120000-00ff'];
const history = (underWay: string[] = []) =>
  historyCalls(data, () =>
    underWay.map((run) => ({ kind: 'run', run, startedAt: '', pid: 1, session: 's', own: true })),
  );

const three = [1, 2, 3].map((seed) => okHost(`bench-${seed}`, runOnHost(seed)));

function keep(fleet: Fleet): void {
  mkdirSync(fleetFolder(data, fleet.id), { recursive: true });
  writeFileSync(fleetFile(data, fleet.id), JSON.stringify(fleet));
}

async function keepRun(id: string): Promise<void> {
  const writer = createRun(data, id);
  await writer.save({ ...fakeRun(), id });
  await writer.close();
}

const shown = async (): Promise<FleetOverview> => {
  const record = await history().record({ id: older });
  if (!isOfHosts(record)) throw new Error('not of hosts');
  return record;
};

describe('the list', () => {
  test('has them among the runs, newest first, with how many hosts gave a run', async () => {
    await keepRun(newer);
    keep(fleetOf([...three, lostHost('bench-4')], older));
    const lines = await history().runs({});
    expect(lines.map(({ id }) => id)).toEqual([newer, older]);
    expect(lines[0]).not.toHaveProperty('hosts');
    expect(lines[1]).toMatchObject({ state: 'done', name: 'three-apps', hosts: { asked: 4, ok: 3 } });
    expect(lines[1]!.hosts!.ratios.memory).toBeCloseTo(
      (await shown()).report!.comparisons[0]!.pooled!.ratio,
      9,
    );
  });

  test('tells no time and no size of several computers', async () => {
    keep(fleetOf(three, older));
    const [line] = await history().runs({});
    expect(line).toMatchObject({ readyMs: {} });
    expect(line).not.toHaveProperty('answer');
  });

  test('is kept derived, and made anew for a record that has changed', async () => {
    keep(fleetOf(three, older));
    const [before] = await history().runs({});
    expect(
      Object.keys((JSON.parse(readFileSync(summariesFile(data), 'utf8')) as { entries: object }).entries),
    ).toEqual([older]);
    expect(await history().runs({})).toEqual([before]);
    keep(fleetOf(three.slice(0, 2), older));
    expect((await history().runs({}))[0]!.hosts).toMatchObject({ asked: 2 });
  });

  test.each([
    { what: 'that was stopped', change: { failure: { code: 'stopped' as const } }, state: 'stopped' },
    {
      what: 'that came to nothing',
      change: { failure: { code: 'no-host' as const, hosts: 2 } },
      state: 'failed',
    },
    {
      what: 'of which no host gave a run',
      change: { hosts: [lostHost('a'), lostHost('b')] },
      state: 'failed',
    },
  ])('has one $what as $state', async ({ change, state }) => {
    keep({ ...fleetOf(three, older), ...change });
    const [line] = await history().runs({});
    expect(line).toMatchObject({ state, ...('failure' in change && change) });
  });

  test('has one that cannot be read with its reason', async () => {
    mkdirSync(fleetFolder(data, older), { recursive: true });
    writeFileSync(fleetFile(data, older), '{"schemaVersion":1,');
    expect(await history().runs({})).toMatchObject([
      { id: older, state: 'unreadable', failure: { code: 'run-unreadable' } },
    ]);
    writeFileSync(fleetFile(data, older), '{"schemaVersion":3}');
    expect(await history().runs({})).toMatchObject([
      { failure: { code: 'run-too-new', found: 3, supported: 2 } },
    ]);
  });
});

describe('one that has no end yet', () => {
  const begun = () => {
    const fleet = fleetOf([], older);
    delete fleet.endedAt;
    keep(fleet);
    mkdirSync(fleetHostFolder(data, older, 'bench-1'), { recursive: true });
    writeFileSync(
      path.join(fleetHostFolder(data, older, 'bench-1'), 'run.json'),
      JSON.stringify(runOnHost(1)),
    );
    mkdirSync(fleetHostFolder(data, older, 'bench-2'), { recursive: true });
    writeFileSync(path.join(fleetHostFolder(data, older, 'bench-2'), 'run.json.part'), '{');
  };

  test('is under way while somebody makes it, else it was interrupted; what is home is told', async () => {
    begun();
    expect(await history([older]).runs({})).toMatchObject([{ state: 'running' }]);
    expect(await history().runs({})).toMatchObject([{ state: 'interrupted', hosts: { asked: 1, ok: 1 } }]);
    const fleet = await shown();
    expect(fleet.hosts).toMatchObject([{ name: 'bench-1', outcome: 'ok' }]);
    expect(fleet.report!.comparisons[0]!.hosts).toHaveLength(1);
  });

  test('is not deleted while somebody makes it', async () => {
    begun();
    await expect(history([older]).deleteRun({ id: older })).rejects.toMatchObject({
      failure: { code: 'run-under-way' },
    });
  });
});

describe('what is shown', () => {
  test('is everything but the runs of the hosts, each of which can be had', async () => {
    keep(fleetOf([...three, lostHost('bench-4')], older));
    const fleet = await shown();
    expect(fleet.hosts.map(({ name }) => name)).toEqual(['bench-1', 'bench-2', 'bench-3', 'bench-4']);
    expect(JSON.stringify(fleet)).not.toContain('"trials":[{');
    expect(fleet.report!.comparisons[0]!.hosts).toHaveLength(3);
    const run = await history().run({ id: older, host: 'bench-2' });
    expect(run.trials).toEqual(runOnHost(2).trials);
    expect(run.report?.answer).toBeDefined();
    await expect(history().run({ id: older, host: 'bench-4' })).rejects.toMatchObject({
      failure: { code: 'run-unknown' },
    });
  });

  test.each(['with a report', 'without one'])('is the same of a record %s', async (which) => {
    const fleet = fleetOf([...three, lostHost('bench-4')], older);
    const overview = overviewOf(reportedFleet(fleet));
    keep(which === 'without one' ? fleet : reportedFleet(fleet));
    expect(await history().record({ id: older })).toEqual(JSON.parse(JSON.stringify(overview)));
  });

  test('is small for two hundred hosts, however large their runs are', async () => {
    const many = Array.from({ length: 200 }, (_, at) => okHost(`n-${at}`, runOnHost(at)));
    keep(fleetOf(many, older));
    const size = (value: unknown) => JSON.stringify(value).length;
    const fleet = await shown();
    expect(fleet.report!.comparisons[0]!.pooled!.hosts).toBe(200);
    expect(size(fleet) / 200).toBeLessThan(size(runOnHost(1)) / 20);
  });

  test('is no run of this computer', async () => {
    keep(fleetOf(three, older));
    await expect(history().run({ id: older })).rejects.toMatchObject({ failure: { code: 'run-unknown' } });
  });
});

describe('a person', () => {
  test('renames it, and the record is not touched', async () => {
    keep(fleetOf(three, older));
    const before = readFileSync(fleetFile(data, older), 'utf8');
    await history().labelRun({ id: older, name: 'All racks' });
    expect(await history().runs({})).toMatchObject([{ label: { name: 'All racks' } }]);
    expect(await history().record({ id: older })).toMatchObject({ label: { name: 'All racks' } });
    expect(readFileSync(fleetFile(data, older), 'utf8')).toBe(before);
  });

  test('deletes it and brings it back whole', async () => {
    await keepRun(newer);
    keep(fleetOf(three, older));
    await history().labelRun({ id: older, note: 'before the move' });
    const before = await history().runs({});
    await history().deleteRun({ id: older });
    expect((await history().runs({})).map(({ id }) => id)).toEqual([newer]);
    expect(await history().deletedRuns({})).toMatchObject([
      { id: older, hosts: { asked: 3 }, label: { note: 'before the move' } },
    ]);
    await history().restoreRun({ id: older });
    expect(await history().runs({})).toEqual(before);
  });
});

test('runs of other computers are in no series of this one', async () => {
  keep(fleetOf(three, older));
  keep(fleetOf(three, newer));
  expect(await history().history({})).toEqual([]);
  await keepRun('20260103-120000-00ff');
  await keepRun('20260104-120000-00ff');
  for (const { points } of await history().history({}))
    expect(points.map(({ run }) => run)).toEqual(['20260103-120000-00ff', '20260104-120000-00ff']);
});

test('one is held first against the last one before it of the same plan that any host measured', async () => {
  const before = (id: string) => history().previousRun({ id });
  const [none, other, newest] = ['20260103', '20260104', '20260105'].map((day) => `${day}-120000-00ff`);
  keep(fleetOf(three, older));
  keep(fleetOf(three, newer));
  keep(fleetOf([lostHost('bench-1')], none));
  const fleet = fleetOf(three, other);
  keep({ ...fleet, plan: { ...fleet.plan, cold: true } });
  await keepRun('20260104-130000-00ff');
  keep(fleetOf(three, newest));
  expect(await Promise.all([older, newer, other!, newest!].map(before))).toEqual([null, older, null, newer]);
});

describe('one is held', () => {
  const [own, owns] = ['20260103-120000-00ff', '20260104-120000-00ff'];
  const compare = (base: RunReference[], other: string) =>
    comparing(keptRecords(data, () => []))({ base, other: [{ id: other }] });

  test('against another one, and against nothing that one computer measured', async () => {
    for (const id of [own, owns]) await keepRun(id);
    for (const id of [older, newer]) keep(fleetOf(three, id));
    expect(await compare([{ id: older }], newer)).toHaveProperty('changes.0.hosts.length', 3);
    expect(await compare([{ id: own }], owns)).toHaveProperty('metrics');
    await expect(compare([{ id: older }], own)).rejects.toMatchObject({
      failure: { code: 'not-comparable', base: older, other: own },
    });
    await expect(compare([{ id: older }, { id: newer }], own)).rejects.toMatchObject({
      failure: { code: 'bad-input' },
    });
  });

  test('against one that lies anywhere, as a baseline in a repository', async () => {
    keep(fleetOf(three, older));
    const file = path.join(data, 'baseline.json');
    const against = (text: unknown) => {
      writeFileSync(file, JSON.stringify(text));
      return compare([{ path: file }], older);
    };
    expect(await against(fleetOf(three, newer))).toHaveProperty('changes.0.hosts.length', 3);
    await expect(against(fakeRun())).rejects.toMatchObject({ failure: { code: 'not-comparable' } });
    await expect(against({ schemaVersion: 1, hosts: [{}] })).rejects.toMatchObject({
      failure: { code: 'run-unreadable' },
    });
  });
});
