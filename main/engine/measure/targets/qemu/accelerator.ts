/**
 * Which accelerator runs a guest here. A device that opens may still not boot anything, so the answer comes from a real boot of
 * a 64 KiB ROM with a deadline (assets/guest/probe.S), and is remembered until the machine, QEMU or the processor changes.
 */
import { execFile } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { shellLine } from '../../../../contract/commandLine';
import { Accelerator } from '../../../../contract/run/run';
import { TestBoot } from '../../../../contract/run/testBoot';
import { TareError } from '../../../base/errors';
import { makeFolder } from '../../../base/folder';
import { missingTool, runProgram } from '../../../base/process/child';
import { bootId } from '../../../base/process/proc';
import { sandboxWords } from './arguments';
import { Confinement, probeConfinement } from './confinement';
import { processorModel, testMachineOf } from './profiles';
import { bound } from '../../../base/process/programs';

/** `forced`: somebody insists on it · `works`: the test boot did · the others: why the system's own accelerator was passed over */
const reasons = ['forced', 'works', 'absent', 'denied', 'failed', 'silent', 'none-known'] as const;
const Reason = z.enum(reasons);
export type Reason = z.infer<typeof Reason>;

const Choice = z.object({
  accelerator: Accelerator,
  reason: Reason,
  qemuVersion: z.string(),
  /** the test boots that it rests on, in their order */
  boots: z.array(TestBoot),
  confinement: Confinement,
});
/** The accelerator and why; `reason` names a message `accelerator.REASON`. */
export type Choice = z.infer<typeof Choice>;

const Memory = z.object({ key: z.string(), choice: Choice });

/** The accelerator of each system, tried before TCG, and the device it needs. */
const candidates: Partial<Record<NodeJS.Platform, { accelerator: Accelerator; device?: string }>> = {
  linux: { accelerator: 'kvm', device: '/dev/kvm' },
  darwin: { accelerator: 'hvf' },
  win32: { accelerator: 'whpx' },
};

/** A working accelerator answers in well under a second; a KVM that emulates each instruction needs ten and more. */
const deadlineMs = 2000;
/** Emulation is the last resort, and takes 0.2 s. What somebody insists on need not be quick either. */
const longestMs = 20_000;
/**
 * A computer that is itself emulated, or very busy, is slow with and without its accelerator: there it has so many times as long as
 * emulation takes. One that emulates each instruction takes two hundred times as long.
 */
const fairShare = 10;

export interface AcceleratorQuestion {
  qemu: string;
  probeRom: string;
  cacheFolder: string;
  signal: AbortSignal;
  /** an accelerator that somebody insists on */
  forced?: string | undefined;
  /** ask the machine again, whatever is remembered */
  again?: boolean;
}

/**
 * @throws {TareError} `accelerator-unusable` when the forced one does not work, or not even emulation does · `tool-missing`
 */
export async function chooseAccelerator(asked: AcceleratorQuestion): Promise<Choice> {
  const { qemu, signal } = asked;
  const qemuVersion = await versionOf(qemu, signal);
  const { forced } = asked;
  if (forced) {
    const question = await confined(asked);
    const { confinement } = question;
    return { ...(await forcedAccelerator(forced, question)), reason: 'forced', qemuVersion, confinement };
  }
  const candidate = candidates[process.platform];
  const obstacle = await ownObstacle();
  const here = [os.cpus()[0]?.model, process.arch, process.getuid?.(), obstacle ?? 'open'];
  const key = [bootId(), qemuVersion, qemu, ...here].join('|');
  const file = path.join(asked.cacheFolder, 'accelerator.json');
  const known = asked.again ? undefined : await recall(file);
  if (known?.key === key) return known.choice;
  const question = await confined(asked);
  const tested = await test(question, candidate?.accelerator, obstacle);
  const choice = { ...tested, qemuVersion, confinement: question.confinement };
  makeFolder(asked.cacheFolder);
  await writeFileAtomic(file, JSON.stringify({ key, choice }));
  return choice;
}

type Confined = AcceleratorQuestion & { confinement: Confinement };

const confined = async (question: AcceleratorQuestion): Promise<Confined> => ({
  ...question,
  confinement: await probeConfinement(question.qemu, question.signal),
});

async function test(
  question: Confined,
  own: Accelerator | undefined,
  obstacle: Reason | undefined,
): Promise<Omit<Choice, 'qemuVersion' | 'confinement'>> {
  const boots: TestBoot[] = [];
  const boot = async (accelerator: Accelerator, limitMs: number) => {
    const one = await testBoot(question, accelerator, limitMs);
    boots.push(one);
    return one;
  };
  let reason: Reason = obstacle ?? 'none-known';
  const tryOwn = async (accelerator: Accelerator, limitMs: number) => {
    ({ result: reason } = await boot(accelerator, limitMs));
    return reason === 'works';
  };
  if (own && !obstacle && (await tryOwn(own, deadlineMs))) return { accelerator: own, reason, boots };
  const emulation = await boot('tcg', longestMs);
  if (emulation.result !== 'works') throw unusable('tcg', emulation.result, boots);
  const fairMs = Math.min(longestMs, fairShare * emulation.tookMs);
  const isWorthAnother = reason === 'silent' && fairMs > deadlineMs;
  if (own && isWorthAnother && (await tryOwn(own, fairMs))) return { accelerator: own, reason, boots };
  return { accelerator: 'tcg', reason, boots };
}

const unusable = (accelerator: string, reason: Reason | 'unknown', boots: TestBoot[] = []) =>
  new TareError({ code: 'accelerator-unusable', accelerator, reason, ...(boots.length > 0 && { boots }) });

async function forcedAccelerator(
  name: string,
  question: Confined,
): Promise<Pick<Choice, 'accelerator' | 'boots'>> {
  const { success, data: accelerator } = Accelerator.safeParse(name);
  if (!success) throw unusable(name, 'unknown');
  const candidate = candidates[process.platform];
  const obstacle = candidate?.accelerator === accelerator ? await ownObstacle() : undefined;
  if (obstacle) throw unusable(name, obstacle);
  const boot = await testBoot(question, accelerator, longestMs);
  if (boot.result !== 'works') throw unusable(name, boot.result, [boot]);
  return { accelerator, boots: [boot] };
}

async function recall(file: string): Promise<z.infer<typeof Memory> | undefined> {
  try {
    return Memory.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // never asked, or written by another version
  }
}

async function versionOf(qemu: string, signal: AbortSignal): Promise<string> {
  const text = await runProgram(qemu, ['--version'], { signal });
  return /version (\S+)/.exec(text)?.[1] ?? text.split('\n', 1)[0]!;
}

/** Why this computer's own accelerator cannot be used, as far as no boot is needed to know. */
export async function ownObstacle(): Promise<Reason | undefined> {
  const device = candidates[process.platform]?.device;
  return device === undefined ? undefined : deviceObstacle(device);
}

async function deviceObstacle(device: string): Promise<Reason | undefined> {
  try {
    await (await open(device, 'r+')).close();
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'absent';
  }
}

const longestWords = 8192;

/** Boots the ROM with the processor model that real guests get. */
async function testBoot(question: Confined, accelerator: Accelerator, limitMs: number): Promise<TestBoot> {
  const { profile, devices, passed } = testMachineOf(question.qemu);
  const words = [
    ...[question.qemu, '-machine', profile.machine, '-m', '16', '-bios', question.probeRom],
    ...['-accel', accelerator, '-cpu', processorModel(profile, accelerator)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', ...devices],
    ...sandboxWords(question.confinement),
  ];
  const [program, ...args] = (await bound(words)) as [string, ...string[]];
  const beganMs = performance.now();
  return new Promise((resolve, reject) => {
    const options = { timeout: limitMs, killSignal: 'SIGKILL', signal: question.signal } as const;
    execFile(program, args, options, (error, _, stderr) => {
      if (question.signal.aborted) return reject(question.signal.reason as Error);
      if (error?.code === 'ENOENT') return reject(missingTool(question.qemu));
      const exitCode = error ? error.code : 0; // none: a signal ended it
      resolve({
        accelerator,
        commandLine: shellLine(words),
        result: error?.killed ? 'silent' : exitCode === passed ? 'works' : 'failed',
        exit: error?.signal ? `signal ${error.signal}` : `exit ${exitCode}`,
        output: stderr.slice(-longestWords).trim(),
        tookMs: Math.round(performance.now() - beganMs),
      });
    });
  });
}
