/** What the engine opens once and uses for many runs: the ledger, the Docker connection, the guest kit, the targets. */
import path from 'node:path';
import { version as tareVersion } from '../../../package.json';
import type { KitFacts, Leftover } from '../../contract/machine';
import type { TareEvent } from '../../contract/events';
import type { Plan, ServiceName } from '../../contract/plan';
import { withoutRepeat, type TargetId } from '../../contract/targets';
import type { RunId } from '../../contract/run/run';
import type { JobKind } from '../../contract/work/work';
import type { EngineOptions } from '../engine';
import { TareError } from '../base/errors';
import { isOfCache } from '../images/disk/cache';
import { isOfData, ledgerFolder } from '../base/paths';
import { builtinImage, readyWorkload, type BuiltinMaterial } from '../images/image/image';
import { unpackedSize } from '../images/image/size';
import { buildKernel } from '../images/guest/kernel';
import { buildKit, openKit, type Kit } from '../images/guest/kit';
import { debianBases } from '../images/guest/serviceRoots';
import { exportImage } from '../images/disk/rootfs';
import type { Clients } from './load/clients';
import { keepPrivate } from '../base/privateFolder';
import { openLedger, type Ledger } from '../base/process/ledger';
import { freePort } from '../base/process/ports';
import type { SettingsInForce } from '../base/settings/settings';
import { openDocker, type DockerClient } from '../base/docker/client';
import { openEngineMachine, type EngineMachine } from '../remote/reader/engineMachine';
import { runtimeTargets } from './targets/docker/target';
import { openTarget } from './targets/catalogue';
import type { Tools } from './targets/launcher';
import { openEmulator, type Emulator } from './targets/qemu/emulator';
import type { Target } from './targets/target';
import { namesOf, type ImageWorkload, type Ready, type ReadyWorkload } from '../images/image/facts';
import { valuesOf } from '../base/process/given';
import type { RunScope } from '../base/scope';
import { steps } from '../base/steps';

export { tareVersion };

export interface Resources {
  readonly dataFolder: string;
  readonly cacheFolder: string;
  readonly assetsFolder: string;
  /** parts of the guest that the installed package brought; absent in a checkout */
  readonly shippedFolder: string;
  readonly qemuPath?: string;
  /** how much the cache may hold */
  cacheBytes(): number;
  /** opened at first use: a door that only lists runs writes nothing */
  ledger(): Ledger;
  /** of the ledger, once it is open */
  session(): string | undefined;
  /** @throws {TareError} `docker-unreachable` */
  docker(signal?: AbortSignal): Promise<DockerClient>;
  /**
   * where the engine's containers run; a machine that is not this one can be read until `leaveEngine`
   * @throws {TareError} `docker-unreachable` · `docker-refused`
   */
  engineMachine(scope: RunScope): Promise<EngineMachine>;
  /** removes what was started on the engine's machine to read it */
  leaveEngine(): Promise<void>;
  /** @throws {TareError} `kit-missing` · `kit-damaged` */
  kit(): Promise<Kit>;
  /** the same, built unless it is there */
  madeKit(scope: RunScope): Promise<Kit>;
  /** makes the guest kit, or the minimal kernel, anew */
  buildKit(kernel: 'distribution' | 'minimal', scope: RunScope): Promise<KitFacts>;
  /** @param asker  what the work is done for: its progress is told with it */
  scope(signal: AbortSignal, asker?: { run: RunId } | { job: JobKind }): RunScope;
  /** makes every image of the plan ready */
  resolve(plan: Plan, scope: RunScope): Promise<Map<string, Ready>>;
  /** what loads servers in their own protocols, made ready; @throws {TareError} as `resolve` */
  clients(services: readonly ServiceName[], scope: RunScope): Promise<Clients>;
  /** the container engine's runtimes beside its default one, as targets; @throws {TareError} `docker-unreachable` */
  runtimes(signal: AbortSignal): Promise<TargetId[]>;
  /** @throws {TareError} the reason why the target cannot be used here */
  target(id: TargetId, scope: RunScope): Promise<Target>;
  /**
   * QEMU as it is here, and what it accelerates with
   * @param again  asks the machine for its accelerator, whatever is remembered
   * @throws {TareError} what VMs lack here
   */
  emulator(signal: AbortSignal, again?: boolean): Promise<Emulator>;
  close(): void;
  /** what the session has noted and not struck out */
  leftBehind(): Leftover[];
}

export function createResources(
  { assetsFolder }: Pick<EngineOptions, 'assetsFolder'>,
  settings: Pick<SettingsInForce, 'value' | 'chosen'>,
  emit: (event: TareEvent) => void,
): Resources {
  const dataFolder = settings.value('dataFolder')!;
  const cacheFolder = settings.value('cacheFolder')!;
  const shippedFolder = path.join(assetsFolder, 'guest-parts'); // put there by .ci/package.sh
  const qemuPath = settings.value('qemuPath');
  let ledger: Ledger | undefined;
  const targets = new Map<TargetId, Target>();
  const tools = () => toolsOf(resources, settings);

  const resources: Resources = {
    dataFolder,
    cacheFolder,
    assetsFolder,
    shippedFolder,
    ...(qemuPath && { qemuPath }),
    cacheBytes: () => settings.value('cacheBytes')!,
    ledger: () => (ledger ??= openLedger(privateFolders(dataFolder, cacheFolder))),
    session: () => ledger?.session,
    docker: dockerAtFirstUse(settings),
    ...engineMachines(async (scope) => {
      const client = await resources.docker(scope.signal);
      const allowed = settings.value('engineReader') !== 'never';
      return openEngineMachine({ client, cacheFolder, allowed, scope });
    }),
    kit: () => openKit({ cacheFolder, shippedFolder }),
    madeKit: (scope) => ensureKit(resources, scope),
    async buildKit(kernel, { signal, progress, ledger }) {
      const docker = async () => (await resources.docker(signal)).docker;
      const build = kernel === 'minimal' ? buildKernel : buildKit;
      return build({ cacheFolder, signal, progress, ledger, docker });
    },
    scope: (signal, asker) => ({
      ledger: resources.ledger(),
      signal,
      progress: (progress) => emit({ kind: 'progress', ...asker, progress }),
      freePort,
      known: new Map(),
    }),
    resolve: (plan, scope) => readyWorkloads(resources, plan, scope),
    clients: (services, scope) => readyClients(resources, services, scope),
    runtimes: async (signal) => runtimeTargets((await resources.docker(signal)).docker),
    async target(id, scope) {
      const target = targets.get(withoutRepeat(id)) ?? (await openTarget(withoutRepeat(id), tools(), scope));
      targets.set(withoutRepeat(id), target);
      await target.check(scope.signal);
      return target;
    },
    emulator: (signal, again) => openEmulator(tools(), signal, again),
    close: () => ledger?.close(),
    leftBehind: () => ledger?.entries() ?? [],
  };
  return resources;
}

/** Where the ledger is kept. Whatever Tare makes is noted there before, so that no folder is written to that others may enter. */
function privateFolders(dataFolder: string, cacheFolder: string): string {
  keepPrivate(dataFolder, isOfData);
  keepPrivate(cacheFolder, isOfCache);
  return ledgerFolder(dataFolder);
}

/** A failed attempt is not remembered: the user may start Docker and try again. */
function dockerAtFirstUse(settings: Pick<SettingsInForce, 'chosen'>): Resources['docker'] {
  let client: DockerClient | undefined;
  return async (signal) => {
    const dockerEndpoint = settings.chosen('dockerEndpoint');
    client ??= await openDocker({
      ...(dockerEndpoint && { setting: dockerEndpoint }),
      ...(signal && { signal }),
    });
    return client;
  };
}

/** The engine's machine: opened once, at first use, until it is left. */
function engineMachines(open: Resources['engineMachine']): Pick<Resources, 'engineMachine' | 'leaveEngine'> {
  let engine: Promise<EngineMachine> | undefined;
  return {
    engineMachine(scope) {
      engine ??= open(scope).catch((error: unknown) => {
        engine = undefined; // the next one tries again
        throw error;
      });
      return engine;
    },
    async leaveEngine() {
      const left = engine;
      engine = undefined;
      await (await left?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

function toolsOf(resources: Resources, settings: Pick<SettingsInForce, 'value'>): Tools {
  const { cacheFolder, shippedFolder, qemuPath } = resources;
  const accelerator = settings.value('accelerator');
  return {
    cacheFolder,
    shippedFolder,
    ...(qemuPath && { qemuPath }),
    ...(accelerator && { accelerator }),
    docker: (signal) => resources.docker(signal),
    reachEngine: (scope) => resources.engineMachine(scope),
    ensureKit: (scope) => resources.madeKit(scope),
    exportImage: async (ready, scope) => {
      const { docker } = await resources.docker(scope.signal);
      return exportImage(docker, ready.image.digest, scope);
    },
  };
}

async function readyClients(
  resources: Resources,
  services: readonly ServiceName[],
  scope: RunScope,
): Promise<Clients> {
  const client = await resources.docker(scope.signal);
  const material = materialFor(resources, client, scope);
  const images: Clients['images'] = {};
  for (const name of services) images[name] = await builtinImage(client, name, material, scope);
  return { docker: client.docker, images };
}

function materialFor(resources: Resources, { docker }: DockerClient, scope: RunScope): BuiltinMaterial {
  const { assetsFolder } = resources;
  return {
    assetsFolder,
    busybox: async () => (await resources.madeKit(scope)).busybox,
    debian: debianBases(docker, path.join(assetsFolder, 'workloads', 'debian'), resources),
  };
}

async function readyWorkloads(
  resources: Resources,
  plan: Plan,
  scope: RunScope,
): Promise<Map<string, Ready>> {
  const ready = new Map<string, Ready>();
  const network = plan.workloads.map((workload) => ({ names: namesOf(workload) }));
  for (const workload of plan.workloads) {
    const { image, ...own } = workload;
    const made = image
      ? await withImageOf({ ...own, image }, resources, scope)
      : { workload: { ...own, environment: valuesOf(own.environment) } };
    ready.set(workload.name, { ...made, ...(plan.sharedNetwork && { network }) });
  }
  return ready;
}

async function withImageOf(
  workload: ImageWorkload,
  resources: Resources,
  scope: RunScope,
): Promise<ReadyWorkload> {
  const docker = await resources.docker(scope.signal);
  const ready = await readyWorkload(docker, workload, materialFor(resources, docker, scope), scope);
  return withSize(ready, docker, resources.cacheFolder, scope);
}

/** What the engine tells is about right at least: a size that cannot be had stops nothing. */
async function withSize(
  ready: ReadyWorkload,
  client: DockerClient,
  cacheFolder: string,
  scope: RunScope,
): Promise<ReadyWorkload> {
  const { bytes: ofBytes, approximate, ...image } = ready.image;
  if (!approximate) return ready;
  const step = steps(scope, 'weigh-layers', image.reference);
  let read = 0;
  const moved = (bytes: number) => step.moving(Math.min(1, (read += bytes) / ofBytes));
  const { docker } = client;
  const order = { docker, cacheFolder, digest: image.digest, signal: scope.signal, moved };
  try {
    return { ...ready, image: { ...image, ...(await unpackedSize(client, order)) } };
  } catch (error) {
    scope.signal.throwIfAborted();
    if (!(error instanceof TareError)) throw error;
    return ready;
  } finally {
    step.done();
  }
}

/** The guest kit, made now if it is not there yet or no longer fits. */
async function ensureKit(resources: Resources, scope: RunScope): Promise<Kit> {
  try {
    return await resources.kit();
  } catch (error) {
    if (!(error instanceof TareError)) throw error;
    await resources.buildKit('distribution', scope);
    return resources.kit();
  }
}
