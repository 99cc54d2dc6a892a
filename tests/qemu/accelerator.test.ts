import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAccelerator, type AcceleratorQuestion } from '../../main/engine/targets/qemu/accelerator';
import { needProgram, qemuProgram } from '../../main/engine/process/programs';
import { processes } from '../../main/engine/process/proc';
import { testKit } from '../support/images';

let question: AcceleratorQuestion;
beforeAll(async () => {
  const { probeRom } = await testKit();
  const cacheFolder = await mkdtemp(path.join(os.tmpdir(), 'tare-accelerator-'));
  const signal = new AbortController().signal;
  question = { qemu: await needProgram(qemuProgram), probeRom, cacheFolder, signal };
});
afterAll(async () => {
  await rm(question.cacheFolder, { recursive: true });
  expect(processes().filter(({ words }) => words.includes(question.probeRom))).toEqual([]);
});

/** What is remembered of the last choice. */
const memory = () => path.join(question.cacheFolder, 'accelerator.json');
const remembered = async () =>
  JSON.parse(await readFile(memory(), 'utf8')) as { key: string; choice: object };
const hasKvm = () =>
  access('/dev/kvm').then(
    () => true,
    () => false,
  );

describe('the accelerator', () => {
  it('is found by a real boot, and the second time remembered', async () => {
    const first = await chooseAccelerator(question);
    expect(first.qemuVersion).toMatch(/^\d+\.\d+/);
    if (first.accelerator === 'kvm') expect(first.reason).toBe('works');
    else expect((await hasKvm()) ? ['denied', 'failed', 'silent'] : ['absent']).toContain(first.reason);
    // No boot would say this: it can only be remembered.
    const choice = { accelerator: 'hvf', reason: 'works', qemuVersion: '1' };
    await writeFile(memory(), JSON.stringify({ ...(await remembered()), choice }));
    expect(await chooseAccelerator(question)).toEqual(choice);
    expect(await chooseAccelerator({ ...question, again: true })).toEqual(first);
    expect((await remembered()).choice).toEqual(first);
  });

  it('is asked anew when what is remembered belongs to another boot or cannot be read', async () => {
    const honest = await remembered();
    const choice = { accelerator: 'hvf', reason: 'works', qemuVersion: '1' };
    for (const text of [JSON.stringify({ key: `other${honest.key}`, choice }), '{"key":', '{}']) {
      await writeFile(memory(), text);
      expect(await chooseAccelerator(question)).toEqual(honest.choice);
    }
  });

  it('can be forced, and says so', async () => {
    expect(await chooseAccelerator({ ...question, forced: 'tcg' })).toMatchObject({
      accelerator: 'tcg',
      reason: 'forced',
    });
  });

  it('that cannot work here is refused when forced', async () => {
    const foreign = process.platform === 'darwin' ? 'whpx' : 'hvf';
    const unusable = (accelerator: string, reason: string) => ({
      failure: { code: 'accelerator-unusable', accelerator, reason },
    });
    await expect(chooseAccelerator({ ...question, forced: foreign })).rejects.toMatchObject(
      unusable(foreign, 'failed'),
    );
    await expect(chooseAccelerator({ ...question, forced: 'warp' })).rejects.toMatchObject(
      unusable('warp', 'unknown'),
    );
  });

  it('is not waited for when the user stops', async () => {
    const stopping = new AbortController();
    const asking = chooseAccelerator({ ...question, again: true, signal: stopping.signal });
    stopping.abort(); // it has to start QEMU first, which takes longer than this
    await expect(asking).rejects.toThrow(/abort/i);
  });
});
