/** The same witness as a container, as VMs and as a plain process, side by side. */
import { doJob } from '../../main/doors/doJob';
import { rmSync } from 'node:fs';
import os from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IsolationFact, IsolationReport } from '../../main/contract/work/isolation';
import { testEngine } from '../support/engine';
import { testKit } from '../support/images';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { leftovers } from '../support/leaks';

noMinimalKernel();

const engine = testEngine();
let report: IsolationReport;

beforeAll(async () => {
  const targets = [
    'container',
    'vm:direct',
    'process',
    ...(minimalKernelIsHere ? ['vm:micro', 'vm:snapshot'] : []),
  ];
  report = await doJob(engine, 'isolation', { targets, openings: {} });
});
afterAll(async () => {
  await engine.close();
  rmSync(engine.dataFolder, { recursive: true });
  expect(leftovers()).toEqual([]);
});

const sights = (fact: IsolationFact) => report.rows.find((row) => row.fact === fact)!.sights;

const same = (at: number) =>
  report.rows.flatMap(({ fact, sights }) => (sights[at]!.standing === 'same' ? [fact] : []));

test('the VM shares nothing with this computer that the container shares', () => {
  expect(report.subjects.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  expect(same(0)).toEqual([
    ...['kernel', 'boot', 'clock', 'own-process', 'user'],
    ...['memory', 'processors'],
  ]);
  expect(same(1)).toEqual([]);
  expect(report.rows.flatMap((row) => row.sights).map(({ standing }) => standing)).not.toContain(
    'unreadable',
  );
});

test('the VM has the kit’s kernel and the memory it was given; its application is no process of this computer', async () => {
  const { kernelRelease } = await testKit();
  expect(sights('kernel')[1]!.inside!.text.facts.value).toBe(kernelRelease);
  const { bytes } = sights('memory')[1]!.inside!.text.facts.size as { bytes: number };
  expect(bytes).toBeGreaterThan(180 * 1024 ** 2);
  expect(bytes).toBeLessThan(256 * 1024 ** 2);
  expect(sights('own-process')[1]!.outside!.text).toMatchObject({
    key: 'isolation.value.pid-machine',
    facts: { name: expect.stringMatching(/^qemu/) as string },
  });
});

test('the evidence is the kernel’s own words from either side', () => {
  for (const { fact, sights } of report.rows) {
    for (const { inside } of sights) expect(inside!.evidence.length, fact).toBeGreaterThan(0);
  }
  expect(sights('mounts')[1]!.inside!.evidence[0]).toMatch(/ on \/ \(overlay\)$/);
});

test('a plain process is kept from other processes, from files and from settings of the kernel, and is nobody here', () => {
  expect(report.subjects[2]).toMatchObject({ target: 'process' });
  expect(Object.fromEntries(report.rows.map(({ fact, sights }) => [fact, sights[2]!.standing]))).toEqual({
    kernel: 'same',
    boot: 'same',
    clock: 'same',
    hostname: 'same',
    processes: 'hidden',
    'own-process': 'same',
    namespaces: 'partly',
    user: 'different',
    capabilities: 'different',
    seccomp: 'same',
    settings: 'different',
    mounts: 'different',
    'host-files': 'hidden',
    interfaces: 'same',
    loopback: 'same',
    devices: 'hidden',
    memory: 'same',
    processors: 'same',
  });
  expect(sights('namespaces')[2]!.inside!.text.facts.names).toBe('cgroup ipc net time uts');
  expect(sights('kernel')[2]!.inside!.text.facts.value).toBe(os.release());
  const { inside, outside } = sights('own-process')[2]!;
  expect(Number(outside!.text.facts.pid)).toBeGreaterThan(Number(inside!.text.facts.pid));
});

test.runIf(minimalKernelIsHere)('the small machine shares nothing either, and its kernel is another', () => {
  expect(report.subjects[3]).toMatchObject({ target: 'vm:micro' });
  expect(same(3)).toEqual([]);
  const kernels = [1, 3].map((at) => sights('kernel')[at]!.inside!.text.facts.value);
  expect(new Set([...kernels, os.release()]).size).toBe(3);
  expect(report.subjects[4]).toMatchObject({ target: 'vm:snapshot' });
  expect(same(4)).toEqual([]);
  const boots = report.rows
    .find(({ fact }) => fact === 'boot')!
    .sights.map(({ inside }) => inside!.evidence[0]);
  expect(new Set(boots).size).toBe(4); // the container's and the process's are this computer's
});

test('a machine that may open connections reaches this computer’s loopback, and still none of its files', async () => {
  const open = await doJob(engine, 'isolation', { targets: ['vm:direct'], openings: { outgoing: true } });
  const standing = (fact: IsolationFact) => open.rows.find((row) => row.fact === fact)!.sights[0]!.standing;
  expect(standing('loopback')).toBe('same');
  expect(standing('host-files')).toBe('hidden');
});
