/** What works here, why not, and the remedy. Every check really does the thing: a file that exists proves nothing. */
import os from 'node:os';
import type { Check, DoctorReport, EndpointAttempt } from '../../contract/machine';
import type { Failure } from '../../contract/failures';
import type { Message } from '../../contract/report/report';
import { accessControl } from '../base/process/accessControl';
import { missingTool, runProgram } from '../base/process/child';
import { TareError, toFailure } from '../base/errors';
import { isOfCache } from '../images/disk/cache';
import { keepPrivate } from '../base/privateFolder';
import { freeBytes } from '../images/disk/space';
import { findBuilder } from '../images/image/build/builders';
import { sourceFact, tell, type NameIn } from '../../contract/messages';
import { tareVersion, type Resources } from '../measure/resources';
import { availableBytes } from '../measure/sampling/host';
import { targets as table } from '../../contract/targets';
import { obstacleOf } from '../measure/targets/catalogue';
import { ownObstacle } from '../measure/targets/qemu/accelerator';
import { readVirtualisation, remedyFor } from '../measure/targets/qemu/virtualisation';
import { needQemu } from '../base/process/programs';

/** Below this a run of the built-in workloads may not find room: the kit, its disks and the images. */
const enoughDiskBytes = 1024 ** 3;
const enoughMemoryBytes = 1024 ** 3;

/** @param again  asks the accelerator anew instead of remembering the last probe */
export async function doctor(
  resources: Resources,
  again: boolean,
  signal: AbortSignal,
): Promise<DoctorReport> {
  let endpoints: EndpointAttempt[] | undefined;
  const qemu = await check('qemu', () => qemuVersion(resources, signal));
  const kit = await check('kit', async () => {
    const { kernelRelease, bytes, origin } = await resources.kit();
    return tell(`check.kit.${origin}`, { kernel: kernelRelease, size: { bytes } });
  });
  // Not an obstacle: the first run that needs the kit builds it.
  if (kit.failure?.code === 'kit-missing') kit.standing = 'warning';
  const memoryBytes = await availableBytes();
  const disk = await diskCheck(resources.cacheFolder);
  const checks = [
    await check('docker', async () => {
      const { name, version, endpoint, source, attempts } = await resources.docker(signal);
      endpoints = attempts;
      return tell('check.docker.found', { name, version, endpoint, source: sourceFact(source) });
    }),
    ...(await builderCheck(resources, signal)),
    qemu,
    await check('disk-tools', () => diskTools(signal)),
    kit,
    await accelerator(resources, qemu, kit, again, signal),
    memory(memoryBytes),
    disk.check,
    ...accessChecks(),
  ];
  endpoints ??= checks.flatMap(({ failure }) =>
    failure?.code === 'docker-unreachable' ? failure.tried.map(failedAttempt) : [],
  );
  return {
    tareVersion,
    checks,
    targets: await targets(checks, resources, signal),
    computer: { cores: os.cpus().length, memoryBytes: os.totalmem() },
    free: { ...(memoryBytes !== undefined && { memoryBytes }), ...(disk.free && { disk: disk.free }) },
    endpoints,
  };
}

const failedAttempt = (tried: Omit<EndpointAttempt, 'state'>): EndpointAttempt => ({
  ...tried,
  state: 'failed',
});

async function check(name: Check['name'], look: () => Promise<Message>): Promise<Check> {
  try {
    return { name, standing: 'ok', found: await look() };
  } catch (error) {
    return missing(name, toFailure(error));
  }
}

const missing = (name: Check['name'], failure: Failure): Check => ({
  name,
  standing: 'missing',
  found: tell(`failure.${failure.code}`, factsOf(failure)),
  failure,
});

/** The facts of a failure that fit into its sentence. */
const factsOf = (failure: Failure): Message['facts'] =>
  Object.fromEntries(
    Object.entries(failure).filter(([, fact]) => typeof fact === 'string' || typeof fact === 'number'),
  );

async function diskTools(signal: AbortSignal): Promise<Message> {
  try {
    const version = (await runProgram('mkfs.erofs', ['-V'], { signal })).split('\n')[0]!;
    return tell('check.disk-tools.found', { version });
  } catch (error) {
    throw error instanceof TareError && error.failure.code === 'program-failed'
      ? missingTool('mkfs.erofs')
      : error;
  }
}

async function accelerator(
  resources: Resources,
  qemu: Check,
  kit: Check,
  again: boolean,
  signal: AbortSignal,
): Promise<Check> {
  if (qemu.failure || kit.failure) {
    const obstacle = await ownObstacle();
    const found = tell(`check.accelerator.${obstacle ?? 'unknown'}`);
    return {
      name: 'accelerator',
      standing: 'warning',
      found,
      ...(obstacle && (await acceleration(obstacle))),
    };
  }
  try {
    const { accelerator: name, reason, boots } = (await resources.emulator(signal, again)).choice;
    const facts = { accelerator: name.toUpperCase(), tried: boots[0]?.accelerator.toUpperCase() ?? '' };
    const found = tell(`check.accelerator.${reason}`, facts);
    const standing = name === 'tcg' ? 'warning' : 'ok'; // works, but many times slower than people expect of a VM
    return { name: 'accelerator', standing, found, boots, ...(await acceleration(reason)) };
  } catch (error) {
    const failure = toFailure(error);
    const checked = missing('accelerator', failure);
    if (failure.code !== 'accelerator-unusable') return checked;
    const { boots, reason, accelerator: name } = failure;
    const helps = name === 'kvm' && reason !== 'silent'; // what helps there is to insist, as was done
    return { ...checked, ...(boots && { boots }), ...(helps && (await acceleration(reason))) };
  }
}

/** What would make this computer's own accelerator work. */
async function acceleration(reason: string): Promise<Pick<Check, 'remedy'>> {
  const remedy = process.platform === 'linux' && remedyFor(reason, await readVirtualisation());
  return remedy ? { remedy } : {};
}

/** Absent where there is no engine: its own check says so. */
async function builderCheck(resources: Resources, signal: AbortSignal): Promise<Check[]> {
  const client = await resources.docker(signal).catch(() => undefined);
  if (!client) return [];
  const { builder, version = '' } = await findBuilder(client, signal);
  const found = (key: NameIn<'check.builder'>) => tell(`check.builder.${key}`, { version });
  if (builder !== 'classic') return [{ name: 'builder', standing: 'ok', found: found(builder) }];
  // Podman's API builds whatever Podman does.
  const isWhole = client.name === 'Podman';
  return [
    { name: 'builder', standing: isWhole ? 'ok' : 'warning', found: found(isWhole ? 'api' : 'classic') },
  ];
}

async function qemuVersion(resources: Resources, signal: AbortSignal): Promise<Message> {
  const program = await needQemu(resources.qemuPath);
  const version = (await runProgram(program, ['--version'], { signal })).split('\n')[0]!;
  return tell('check.qemu.found', { version, program });
}

/** Nothing wrong by itself: who is refused something later knows where to look. */
export function accessChecks(root?: string): Check[] {
  const control = accessControl(root);
  if (!control) return [];
  const { name, label } = control;
  const key = label ? 'check.access-control.found' : 'check.access-control.found-alone';
  return [{ name: 'access-control', standing: 'ok', found: tell(key, { control: name, label }) }];
}

function memory(bytes: number | undefined): Check {
  if (bytes === undefined)
    return { name: 'memory', standing: 'warning', found: tell('check.memory.unknown') };
  const standing = bytes < enoughMemoryBytes ? 'warning' : 'ok';
  return { name: 'memory', standing, found: tell('check.memory.found', { free: { bytes } }) };
}

async function diskCheck(
  folder: string,
): Promise<{ check: Check; free?: { bytes: number; folder: string } }> {
  let free: { bytes: number; folder: string } | undefined;
  const checked = await check('disk', async () => {
    keepPrivate(folder, isOfCache);
    const availableBytes = await freeBytes(folder);
    free = { bytes: availableBytes, folder };
    if (availableBytes < enoughDiskBytes) {
      throw new TareError({
        code: 'disk-short',
        path: folder,
        neededBytes: enoughDiskBytes,
        availableBytes,
      });
    }
    return tell('check.disk.found', { free: { bytes: availableBytes }, folder });
  });
  return { check: checked, ...(free && { free }) };
}

/** What the checks say of the things that each target needs, and what else may stand in its way. */
async function targets(
  checks: Check[],
  resources: Resources,
  signal: AbortSignal,
): Promise<DoctorReport['targets']> {
  const obstacle = (names: readonly Check['name'][]): Failure | undefined =>
    checks.find(({ name, standing }) => names.includes(name) && standing === 'missing')?.failure;
  const runtimes = obstacle(['docker']) ? [] : await resources.runtimes(signal);
  const told: DoctorReport['targets'] = [];
  for (const { id, needs, takesRuntime } of table) {
    const why = obstacle(needs) ?? (await obstacleOf(id, resources, signal));
    told.push({ id, available: !why, ...(why && { why }) });
    if (takesRuntime) told.push(...runtimes.map((id) => ({ id, available: true })));
  }
  return told;
}
