/**
 * Which accelerator runs a guest here. A device that opens may still not boot anything, so the answer comes from a real boot of
 * a 64 KiB ROM with a deadline (assets/guest/probe.S), and is remembered until the machine, QEMU or the processor changes.
 */
import { execFile } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { Accelerator } from '../../../contract/run/run';
import { TareError } from '../../errors';
import { missingTool, runProgram } from '../../process/child';
import { bootId } from '../../process/proc';
import { processorModel, testMachineOf } from './profiles';
import { bound } from '../../process/programs';

/** `forced`: somebody insists on it · `works`: the test boot did · the others: why the system's own accelerator was passed over */
const reasons = ['forced', 'works', 'absent', 'denied', 'failed', 'silent', 'none-known'] as const;
const Reason = z.enum(reasons);
type Reason = z.infer<typeof Reason>;

const Choice = z.object({ accelerator: Accelerator, reason: Reason, qemuVersion: z.string() });
/** The accelerator and why; `reason` names a message `accelerator.REASON`. */
export type Choice = z.infer<typeof Choice>;

const Memory = z.object({ key: z.string(), choice: Choice });

/** The accelerator of each system, tried before TCG, and the device it needs. */
const candidates: Partial<Record<NodeJS.Platform, { accelerator: Accelerator; device?: string }>> = {
  linux: { accelerator: 'kvm', device: '/dev/kvm' },
  darwin: { accelerator: 'hvf' },
  win32: { accelerator: 'whpx' },
};

/** A working accelerator answers in well under a second; a broken KVM that emulates each instruction needs ten. */
const deadlineMs = 2000;
/**
 * Emulation is the last resort: it takes 0.2 s, and a busy computer must not be told that it has none. Nor need what somebody insists on
 * be quick: KVM in an emulated computer takes nine seconds, and works.
 */
const emulationDeadlineMs = 20_000;

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
export async function chooseAccelerator(question: AcceleratorQuestion): Promise<Choice> {
  const { qemu, signal } = question;
  const qemuVersion = await versionOf(qemu, signal);
  const { forced } = question;
  if (forced)
    return { accelerator: await forcedAccelerator(forced, question), reason: 'forced', qemuVersion };
  const candidate = candidates[process.platform];
  const obstacle = candidate?.device && (await deviceObstacle(candidate.device));
  const key = [bootId(), qemuVersion, qemu, os.cpus()[0]?.model, process.arch, obstacle || 'open'].join('|');
  const file = path.join(question.cacheFolder, 'accelerator.json');
  const known = question.again ? undefined : await recall(file);
  if (known?.key === key) return known.choice;
  const choice = { ...(await test(question, candidate?.accelerator, obstacle || undefined)), qemuVersion };
  await mkdir(question.cacheFolder, { recursive: true });
  await writeFileAtomic(file, JSON.stringify({ key, choice }));
  return choice;
}

async function test(
  question: AcceleratorQuestion,
  own: Accelerator | undefined,
  obstacle: Reason | undefined,
) {
  let reason: Reason = obstacle ?? 'none-known';
  if (own && !obstacle) {
    reason = await testBoot(question, own);
    if (reason === 'works') return { accelerator: own, reason };
  }
  const emulation = await testBoot(question, 'tcg');
  if (emulation !== 'works') throw unusable('tcg', emulation);
  return { accelerator: 'tcg' as const, reason };
}

const unusable = (accelerator: string, reason: Reason | 'unknown') =>
  new TareError({ code: 'accelerator-unusable', accelerator, reason });

async function forcedAccelerator(name: string, question: AcceleratorQuestion): Promise<Accelerator> {
  const accelerator = Accelerator.safeParse(name);
  if (!accelerator.success) throw unusable(name, 'unknown');
  const device =
    accelerator.data === candidates[process.platform]?.accelerator && candidates[process.platform]?.device;
  const obstacle = device ? await deviceObstacle(device) : undefined;
  const reason = obstacle ?? (await testBoot(question, accelerator.data));
  if (reason !== 'works') throw unusable(name, reason);
  return accelerator.data;
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

/** The clear answers that need no boot. */
async function deviceObstacle(device: string): Promise<Reason | undefined> {
  try {
    await (await open(device, 'r+')).close();
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'absent';
  }
}

/** Boots the ROM with the processor model that real guests get. */
async function testBoot(question: AcceleratorQuestion, accelerator: Accelerator): Promise<Reason> {
  const { profile, devices, passed } = testMachineOf(question.qemu);
  const words = [
    ...[question.qemu, '-machine', profile.machine, '-m', '16', '-bios', question.probeRom],
    ...['-accel', accelerator, '-cpu', processorModel(profile, accelerator)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', ...devices],
  ];
  const [program, ...args] = (await bound(words)) as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const isWaitedFor = accelerator === 'tcg' || accelerator === question.forced;
    const timeout = isWaitedFor ? emulationDeadlineMs : deadlineMs;
    const options = { timeout, killSignal: 'SIGKILL', signal: question.signal } as const;
    execFile(program, args, options, (error) => {
      if (question.signal.aborted) return reject(question.signal.reason as Error);
      if (error?.code === 'ENOENT') return reject(missingTool(question.qemu));
      if (error?.killed) return resolve('silent');
      resolve((error ? error.code : 0) === passed ? 'works' : 'failed'); // none: a signal ended it
    });
  });
}
