/** A process whose outermost part was stopped from outside: it hears of no end, and has to be ended all the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { processes } from '../../main/engine/base/process/proc';
import { Output } from '../../main/engine/measure/targets/process/output';
import { PlainProcess } from '../../main/engine/measure/targets/process/plain';

it.each(['SIGSTOP', 'SIGCONT'] as const)('%s does not keep a process from being ended', async (signal) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-stopped-'));
  const name = `tare-test-stopped-${process.pid}`;
  const words = [
    'unshare',
    '--user',
    '--map-root-user',
    '--pid',
    '--fork',
    'sh',
    '-c',
    'sleep 600; true',
    name,
  ];
  const plain = new PlainProcess({ words, tree: folder, handed: [] }, name, new Output(folder, name));
  await expect.poll(() => plain.members()).toHaveLength(1);
  process.kill(plain.child.pid!, signal);
  await plain.end();
  expect(plain.isGone).toBe(true);
  expect(processes().filter(({ words }) => words.includes(name))).toEqual([]);
  rmSync(folder, { recursive: true });
});
