/** A run on several hosts in a terminal. */
import { describe, expect, test } from 'vitest';
import { Fleet } from '../../../../../main/contract/fleet/fleet';
import { say } from '../../../../../main/contract/messages';
import { reportedFleet } from '../../../../../main/engine/results/report/hosts/reported';
import { tare } from '../../../../support/commandLine';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../support/fakes/hostRuns';

const hosts = [1, 2, 3].map((seed) => okHost(`bench-${seed}`, runOnHost(seed)));
const fleet = reportedFleet(fleetOf([...hosts, lostHost('bench-4')]));
const runs = [fakeReportedRun()];
const unwrapped = (text: string) => text.replace(/\s+/g, ' ');

describe('tare show', () => {
  test('tells a row per host, the mean last, the sentence, how sure it is, and why a host gave nothing', async () => {
    const { code, stdout } = await tare(`show ${fleet.id}`, { fleets: [fleet], runs });
    expect(code).toBe(0);
    const text = unwrapped(stdout);
    const places = [
      'results from 3 of 4 hosts',
      ...['bench-1', 'bench-2', 'bench-3', 'Mean of hosts'],
      say('en', fleet.report.text),
      say('en', fleet.report.sureness[0]!.said),
      'bench-4: No container engine answers.',
    ].map((words) => text.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(-1);
    expect(stdout.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  test('--full tells every table and how it was found', async () => {
    const { stdout } = await tare(`show ${fleet.id} --full`, { fleets: [fleet] });
    const text = unwrapped(stdout);
    for (const { title } of fleet.report.tables) expect(text).toContain(say('en', title));
    expect(text).toContain('Times and sizes of different computers are never averaged.');
  });

  test('--json prints the whole record', async () => {
    const { stdout } = await tare(`show ${fleet.id} --json`, { fleets: [fleet] });
    expect(Fleet.parse(JSON.parse(stdout)).hosts[0]!.run!.trials).toHaveLength(18);
  });

  test('of many hosts it tells as many as a person reads', async () => {
    const many = Array.from({ length: 25 }, (_, at) => okHost(`n-${at + 10}`, runOnHost(at)));
    const { stdout } = await tare('show last', { fleets: [reportedFleet(fleetOf(many))] });
    expect(stdout.match(/n-\d\d/g)).toHaveLength(20);
    expect(stdout).toContain('and 5 more hosts: --full');
  });

  test('tells a reason once, with all hosts that have it', async () => {
    const lost = reportedFleet(fleetOf([hosts[0]!, lostHost('a'), lostHost('b'), lostHost('c')]));
    const { stdout } = await tare(`show ${lost.id}`, { fleets: [lost] });
    expect(stdout.match(/No container engine answers/g)).toHaveLength(1);
    expect(stdout).toContain('a, b, c: No container engine answers.');
  });

  test('tells why none of it began', async () => {
    const none = {
      ...reportedFleet(fleetOf([])),
      failure: { code: 'docker-unreachable', tried: [] },
    };
    const { stdout } = await tare(`show ${none.id}`, { fleets: [Fleet.parse(none)] });
    expect(unwrapped(stdout)).toContain('✗ No container engine answers.');
  });

  test('speaks Chinese where the locale does', async () => {
    const { stdout } = await tare(`show ${fleet.id}`, { fleets: [fleet], env: { LANG: 'zh_CN.UTF-8' } });
    expect(unwrapped(stdout).replace(/ /g, '')).toContain(say('zh-CN', fleet.report.text).replace(/ /g, ''));
  });
});

describe('tare list', () => {
  test('has it among the runs with its hosts, and ratios in the place of times', async () => {
    const { stdout } = await tare('list', { fleets: [fleet], runs });
    const line = stdout.split('\n').find((one) => one.startsWith(fleet.id))!;
    expect(line).toMatch(/three-apps +done +3 ∕ 4 +54 +Memory [\d.]+ × +Start-up [\d.]+ ×/);
    const other = stdout.split('\n').find((one) => one.startsWith(runs[0]!.id))!;
    expect(other).not.toContain('∕');
  });

  test('has no column for hosts where no run was on several', async () => {
    expect((await tare('list', { runs })).stdout.split('\n')[0]).not.toContain('Hosts');
  });
});

describe('tare compare', () => {
  const other = reportedFleet(fleetOf([...hosts, lostHost('bench-4')], '20261127-210000-f1ee'));

  test('holds two of them against each other, over hosts and host by host', async () => {
    const { code, stdout } = await tare(`compare ${fleet.id} ${other.id}`, { fleets: [fleet, other] });
    expect(code).toBe(0);
    const text = unwrapped(stdout);
    expect(text).toContain('3 hosts) vs baseline');
    for (const words of ['All hosts together', 'bench-2', 'Each host is held against itself'])
      expect(text).toContain(words);
  });

  test('exits with 4 where one became worse and that was asked for', async () => {
    const slow = structuredClone(other);
    for (const { run } of slow.hosts) for (const trial of run?.trials ?? []) trial.readyMs! *= 3;
    const typed = `compare ${fleet.id} ${slow.id}`;
    expect((await tare(typed, { fleets: [fleet, slow] })).code).toBe(0);
    expect((await tare(`${typed} --fail-on regression`, { fleets: [fleet, slow] })).code).toBe(4);
    const { stdout } = await tare(`${typed} --json`, { fleets: [fleet, slow] });
    expect(JSON.parse(stdout)).toMatchObject({ regression: true, base: { hosts: 3 } });
    // three times as long is no change where only ten times is one
    const lenient = `${typed} --fail-on regression --minimum 900%`;
    expect((await tare(lenient, { fleets: [fleet, slow] })).code).toBe(0);
  });

  test('says that it cannot fail where too few hosts measured both', async () => {
    const two = reportedFleet(fleetOf(hosts.slice(0, 2), '20261127-220000-f1ee'));
    const typed = `compare ${fleet.id} ${two.id}`;
    const asked = await tare(`${typed} --fail-on regression`, { fleets: [fleet, two] });
    expect(asked.code).toBe(0);
    expect(unwrapped(asked.stderr)).toContain('This cannot fail');
    expect((await tare(typed, { fleets: [fleet, two] })).stderr).toBe('');
  });

  test('refuses in words several of them on a side, and one beside a run on this computer', async () => {
    const several = await tare(`compare ${fleet.id},${other.id} ${other.id}`, { fleets: [fleet, other] });
    expect(several.code).toBe(2);
    expect(unwrapped(several.stderr)).toContain('compared one with one');
    const mixed = await tare(`compare ${fleet.id} ${runs[0]!.id}`, { fleets: [fleet], runs });
    expect(mixed.code).not.toBe(0);
    expect(unwrapped(mixed.stderr)).toContain('nothing in common that could be compared');
  });
});
