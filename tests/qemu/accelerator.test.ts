import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  chooseAccelerator,
  type AcceleratorQuestion,
  type Choice,
} from '../../main/engine/measure/targets/qemu/accelerator';
import { needProgram, qemuProgram } from '../../main/engine/base/process/programs';
import { processes } from '../../main/engine/base/process/proc';
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
  JSON.parse(await readFile(memory(), 'utf8')) as { key: string; choice: Choice };
/** Two tests of the same computer take not quite as long. */
const untimed = (choice: Choice) => ({
  ...choice,
  boots: choice.boots.map((boot) => ({ ...boot, tookMs: 0 })),
});
/** No boot would say this. */
const invented: Choice = {
  accelerator: 'hvf',
  reason: 'works',
  qemuVersion: '1',
  boots: [],
  confinement: { sandbox: false, user: false },
};
/** A device that opens is all that it takes: what is booted is no QEMU. */
const canOpenKvm = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
  () => true,
  () => false,
);
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
    // What it rests on: the last boot is that of the accelerator that was chosen.
    const boot = first.boots.at(-1)!;
    if (first.reason !== 'silent')
      expect(boot).toMatchObject({ accelerator: first.accelerator, result: 'works' });
    expect(boot.commandLine).toContain(question.probeRom);
    for (const one of first.boots.filter(({ result }) => result === 'failed'))
      expect(one.output + one.exit).not.toBe('');
    // It can only be remembered.
    const choice = invented;
    await writeFile(memory(), JSON.stringify({ ...(await remembered()), choice }));
    expect(await chooseAccelerator(question)).toEqual(choice);
    const again = await chooseAccelerator({ ...question, again: true });
    expect(untimed(again)).toEqual(untimed(first));
    expect((await remembered()).choice).toEqual(again);
  });

  it('is asked anew when what is remembered belongs to another boot or cannot be read', async () => {
    const honest = await remembered();
    const choice = invented;
    const older = { accelerator: 'hvf', reason: 'works', qemuVersion: '1' };
    for (const text of [
      JSON.stringify({ key: honest.key, choice: older }),
      JSON.stringify({ key: `other${honest.key}`, choice }),
      '{"key":',
      '{}',
    ]) {
      await writeFile(memory(), text);
      expect(untimed(await chooseAccelerator(question))).toEqual(untimed(honest.choice));
    }
  });

  it.runIf(canOpenKvm)('that is slow has a second chance where emulation is slow as well', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'tare-slow-'));
    const slow = path.join(folder, 'qemu-system-x86_64');
    await writeFile(
      slow,
      `#!/bin/sh
case "$*" in
  --version) echo QEMU emulator version 10.0 ;;
  *'-accel kvm'*) test -e ${folder}/asked && exit 85; touch ${folder}/asked; exec sleep 60 ;;
  *) sleep 0.5; exit 85 ;;
esac
`,
      { mode: 0o755 },
    );
    try {
      const choice = await chooseAccelerator({ ...question, qemu: slow, again: true });
      expect(choice).toMatchObject({ accelerator: 'kvm', reason: 'works' });
      expect(choice.boots.map(({ accelerator, result }) => [accelerator, result])).toEqual([
        ['kvm', 'silent'],
        ['tcg', 'works'],
        ['kvm', 'works'],
      ]);
    } finally {
      await rm(folder, { recursive: true });
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
    const words = expect.stringContaining(foreign) as string;
    await expect(chooseAccelerator({ ...question, forced: foreign })).rejects.toMatchObject({
      failure: { ...unusable(foreign, 'failed').failure, boots: [{ exit: 'exit 1', output: words }] },
    });
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
