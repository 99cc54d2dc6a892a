import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Plan } from '../../../main/contract/plan';
import { createEngine } from '../../../main/engine/index';
import { presets } from '../../../main/engine/measure/workloads/presets';

test('a run does not begin beside other work, which would be measured with it', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-engine-'));
  const silent = net.createServer();
  const socket = path.join(folder, 'docker.sock');
  await new Promise<void>((resolve) => silent.listen(socket, resolve));
  const engine = createEngine({
    dataFolder: path.join(folder, 'data'),
    cacheFolder: path.join(folder, 'cache'),
    assetsFolder: path.resolve(import.meta.dirname, '../../../assets'),
    dockerEndpoint: `unix://${socket}`,
  });
  await engine.startJob({ kind: 'pullImage', input: { reference: 'web:1' } });
  expect(await engine.underWay({})).toMatchObject([{ kind: 'pullImage', own: true, pid: process.pid }]);
  await expect(engine.startRun({ plan: Plan.parse(presets[0]) })).rejects.toMatchObject({
    failure: { code: 'job-under-way', call: 'pullImage' },
  });
  await engine.close();
  expect(await engine.underWay({})).toEqual([]);
  expect(await engine.work({})).toMatchObject([{ answer: { failure: { code: 'stopped' } } }]);
  silent.close();
  rmSync(folder, { recursive: true });
});

test('a run whose values are nowhere is refused before there is anything of it', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-engine-'));
  const engine = createEngine({
    dataFolder: path.join(folder, 'data'),
    cacheFolder: path.join(folder, 'cache'),
    assetsFolder: path.resolve(import.meta.dirname, '../../../assets'),
  });
  const plan = Plan.parse(presets[0]);
  plan.workloads[0]!.environment = { TARE_TEST_NOWHERE: null };
  await expect(engine.startRun({ plan })).rejects.toMatchObject({
    failure: { code: 'value-missing', names: ['TARE_TEST_NOWHERE'] },
  });
  expect([await engine.work({}), await engine.runs({})]).toEqual([[], []]);
  await engine.close();
  rmSync(folder, { recursive: true });
});
