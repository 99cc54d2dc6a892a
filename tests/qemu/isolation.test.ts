/** The same witness as a container and as a VM, side by side. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IsolationFact, IsolationReport } from '../../main/contract/isolation';
import { testEngine } from '../support/engine';
import { testKit } from '../support/images';
import { leftovers } from '../support/leaks';

const engine = testEngine();
const before = leftovers();
let report: IsolationReport;

beforeAll(async () => {
  report = await engine.isolation({ targets: ['container', 'vm:direct'], openings: {} });
});
afterAll(async () => {
  await engine.close();
  rmSync(engine.dataFolder, { recursive: true });
  expect(leftovers()).toEqual(before);
});

const sights = (fact: IsolationFact) => report.rows.find((row) => row.fact === fact)!.sights;

test('the VM shares nothing with this computer that the container shares', () => {
  expect(report.subjects.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  const same = (at: number) =>
    report.rows.flatMap(({ fact, sights }) => (sights[at]!.standing === 'same' ? [fact] : []));
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
