import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Plan } from '../../../main/contract/plan';
import { createEngine } from '../../../main/engine/index';
import { presets } from '../../../main/engine/workloads/presets';

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
  const pulling = engine.pullImage({ reference: 'web:1' }).catch((error: unknown) => error);
  await expect(engine.startRun({ plan: Plan.parse(presets[0]) })).rejects.toMatchObject({
    failure: { code: 'job-under-way', call: 'pullImage' },
  });
  await engine.close();
  await pulling;
  silent.close();
  rmSync(folder, { recursive: true });
});
