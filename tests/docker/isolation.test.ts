/** What a container shares with its host, on the real engine, and that the table changes when a wall is taken down. */
import { doJob } from '../../main/doors/doJob';
import { rmSync } from 'node:fs';
import os from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IsolationFact, IsolationReport } from '../../main/contract/work/isolation';
import type { Privileges } from '../../main/contract/privileges';
import { bootId } from '../../main/engine/base/process/proc';
import { testEngine } from '../support/engine';
import { leftovers } from '../support/leaks';

const engine = testEngine();
let plain: IsolationReport;

beforeAll(async () => {
  plain = await look();
});
afterAll(async () => {
  await engine.close();
  rmSync(engine.dataFolder, { recursive: true });
  expect(leftovers()).toEqual([]);
});

const look = (openings: Privileges = {}) => doJob(engine, 'isolation', { targets: ['container'], openings });
const sight = (report: IsolationReport, fact: IsolationFact) => {
  const row = report.rows.find((one) => one.fact === fact)!;
  return { ...row.sights[0]!, host: row.host };
};
const standings = (report: IsolationReport) =>
  Object.fromEntries(report.rows.map(({ fact, sights }) => [fact, sights[0]!.standing]));

describe('a container without options', () => {
  test('shares the kernel and what belongs to it', () => {
    expect(plain.subjects).toEqual([
      { target: 'container', commandLine: expect.arrayContaining(['docker', 'run']) as string[] },
    ]);
    expect(standings(plain)).toMatchObject({
      kernel: 'same',
      boot: 'same',
      clock: 'same',
      hostname: 'different',
      processes: 'hidden',
      'own-process': 'same',
      namespaces: 'partly',
      user: 'same',
      capabilities: 'different',
      seccomp: 'different',
      settings: 'different',
      mounts: 'different',
      'host-files': 'hidden',
      interfaces: 'different',
      loopback: 'hidden',
      devices: 'hidden',
      memory: 'same',
      processors: 'same',
    });
  });

  test('tells what this computer tells', () => {
    expect(sight(plain, 'kernel').inside!.text.facts.value).toBe(os.release());
    expect(sight(plain, 'boot').inside!.evidence).toEqual([bootId()]);
    expect(sight(plain, 'hostname').host!.text.facts.value).toBe(os.hostname());
    expect(sight(plain, 'memory').inside!.text.facts.size).toEqual({ bytes: os.totalmem() });
    expect(sight(plain, 'processors').inside!.text.facts.count).toBe(os.availableParallelism());
  });

  test('its application is process 1 inside and another number outside', () => {
    const { inside, outside } = sight(plain, 'own-process');
    expect(inside!.text.facts.pid).toBe('1');
    expect(Number(outside!.text.facts.pid)).toBeGreaterThan(1);
  });
});

describe('a wall that is taken down changes what it hid, and the command line says so', () => {
  /** Facts whose standing is another than without options. */
  const changed = (report: IsolationReport) => {
    const now = standings(report);
    return Object.entries(standings(plain)).flatMap(([fact, was]) => (now[fact] === was ? [] : [fact]));
  };

  test('--pid=host', async () => {
    const open = await look({ pid: 'host' });
    expect(changed(open)).toEqual(['processes']);
    const { inside, outside } = sight(open, 'own-process');
    expect(inside!.text.facts.pid).toBe(outside!.text.facts.pid);
    expect(sight(open, 'namespaces').inside!.text.facts.names).toContain('pid');
    expect(sight(open, 'processes').inside!.evidence.some((line) => line.startsWith(`${process.pid} `))).toBe(
      true,
    );
    expect(open.subjects[0]!.commandLine.join(' ')).toContain('--pid host');
  });

  test('--privileged', async () => {
    const open = await look({ privileged: true });
    expect(changed(open)).toEqual(['capabilities', 'seccomp', 'settings', 'devices']);
    expect(open.subjects[0]!.commandLine).toContain('--privileged');
  });

  test('--privileged --pid=host: this computer’s files come into reach', async () => {
    const open = await look({ privileged: true, pid: 'host' });
    expect(changed(open)).toContain('host-files');
    expect(sight(open, 'host-files')).toMatchObject({
      standing: 'same',
      inside: { text: { facts: { places: expect.stringContaining('/root/') as string } } },
    });
  });

  test('--user', async () => {
    const open = await look({ user: '1234:1234' });
    expect(changed(open)).toEqual([]);
    expect(sight(plain, 'user').inside!.text.facts.uid).toBe('0');
    expect(sight(open, 'user')).toMatchObject({
      inside: { text: { facts: { uid: '1234' } } },
      outside: { text: { facts: { uid: '1234' } } },
    });
    expect(sight(open, 'capabilities').inside!.text.facts.count).toBe(0);
    expect(open.subjects[0]!.commandLine.join(' ')).toContain('--user 1234:1234');
  });
});

test('a target that cannot be used is told, beside those that can', async () => {
  const report = await doJob(engine, 'isolation', {
    targets: ['container:nosuch', 'container'],
    openings: {},
  });
  expect(report.subjects.map(({ failure }) => failure?.code)).toEqual(['target-unknown', undefined]);
  expect(report.rows.every(({ sights }) => sights.length === 1 && sights[0]!.target === 'container')).toBe(
    true,
  );
});

test('closing the engine stops a look that is under way, and leaves nothing', async () => {
  const short = testEngine();
  const started = new Promise<void>((resolve) =>
    short.onEvent((event) => event.kind === 'progress' && event.progress.step === 'isolation' && resolve()),
  );
  const looking = doJob(short, 'isolation', { targets: ['container'], openings: {} });
  const refused = expect(looking).rejects.toMatchObject({ failure: { code: 'stopped' } });
  await started;
  await short.close();
  await refused;
  rmSync(short.dataFolder, { recursive: true });
});
