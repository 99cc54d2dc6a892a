/** Docker's way: an image is built or pulled, a container is made of it, started, asked, stopped and removed. */
import type Docker from 'dockerode';
import { readFileSync, readlinkSync } from 'node:fs';
import { withoutSecrets, type FolderSource } from '../../../contract/work/building';
import type { Plan } from '../../../contract/plan';
import { baselineTarget } from '../../../contract/targets';
import type { WorkflowStepName } from '../../../contract/work/workflow';
import { buildFolder, folderTag, givenOptions } from '../../images/image/build/build';
import { readyWorkload } from '../../images/image/image';
import { pullImage } from '../../images/image/pull';
import { loginFor } from '../../images/registry/credentials';
import type { Resources } from '../../measure/resources';
import { startTrial } from '../../measure/trial/trial';
import type { DockerClient } from '../../base/docker/client';
import { runLine } from '../../measure/targets/docker/container';
import { statusOf } from '../../base/docker/refusal';
import { createContainerTarget } from '../../measure/targets/docker/target';
import type { ReadyWorkload } from '../../images/image/facts';
import type { RunScope } from '../../base/scope';
import { recordedDocker } from './calls';
import { dockerLines, type CommandFacts } from './commands';
import { DaemonLane } from './daemon';
import { listenTo } from './engineEvents';
import { followTrial } from './phases';
import type { Recorder } from './recorder';

export interface DockerOrder {
  plan: Plan;
  /** build it without using earlier layers, or pull it although it is here */
  fresh: boolean;
  scope: RunScope;
  recorder: Recorder;
}

/**
 * Follows the way to its end. What goes wrong with the container is in the recorder.
 * @throws {TareError} why there is no image: as {@link buildFolder} and {@link pullImage}; AbortError when aborted
 */
export async function followDocker(order: DockerOrder, resources: Resources): Promise<ReadyWorkload> {
  const { plan, scope, recorder } = order;
  const client = await resources.docker(scope.signal);
  const way = new DockerWay(client, order);
  const events = await listenTo(client.docker, scope.signal, (one) => way.daemon.heard(one));
  try {
    const ready = await way.image(plan);
    await way.container(ready);
    return ready;
  } finally {
    events.close();
    recorder.close();
  }
}

class DockerWay {
  readonly daemon: DaemonLane;
  private readonly docker: Docker;
  private facts: CommandFacts;
  /** what the times of a build's steps count from */
  private buildAskedMs = 0;

  constructor(
    private readonly client: DockerClient,
    private readonly order: DockerOrder,
  ) {
    const { recorder, plan } = order;
    const program = client.name === 'Podman' ? 'podman' : 'docker';
    const { store } = client;
    const source = plan.workloads[0]!.image;
    const commandOf = (step: WorkflowStepName) => dockerLines(this.facts)[step];
    this.facts = { program, store, image: '' };
    if (source?.kind === 'folder') {
      const tag = folderTag(source.path, givenOptions(source));
      const options = withoutSecrets(source);
      this.facts = { program, store, image: tag, folder: { path: source.path, tag, options } };
    } else if (source?.kind === 'reference') {
      this.facts = { program, store, image: source.reference, reference: source.reference };
    }
    this.daemon = new DaemonLane(recorder, commandOf);
    this.docker = recordedDocker(client.docker, recorder, commandOf, {
      begun: (step, fromMs) => this.daemon.begun(step, fromMs),
      answered: (call) => this.daemon.answered(call),
    });
  }

  /** Builds or pulls, and looks at what came of it. */
  async image(plan: Plan): Promise<ReadyWorkload> {
    const workload = plan.workloads[0]!;
    const { scope } = this.order;
    if (workload.image?.kind === 'folder') await this.build(workload.image);
    else if (workload.image?.kind === 'reference') await this.pull(workload.image.reference);
    const here = { ...workload, image: { kind: 'reference' as const, reference: this.facts.image } };
    const none = () => Promise.reject(new Error('not built in'));
    const material = { assetsFolder: '', busybox: none, debian: { find: none, make: none } };
    return readyWorkload({ ...this.client, docker: this.docker }, here, material, scope);
  }

  private async build(source: FolderSource): Promise<void> {
    const { scope, fresh } = this.order;
    this.buildAskedMs = performance.now();
    const progress: RunScope['progress'] = (one) => {
      if (one.step === 'build-image' && one.state === 'started') this.buildAskedMs = performance.now();
      if (one.build) this.daemon.built(one.build, this.buildAskedMs);
      scope.progress(one);
    };
    const client = { ...this.client, docker: this.docker };
    const order = { path: source.path, options: source, fresh, began: () => this.program() };
    await buildFolder(client, order, { ...scope, progress });
  }

  /** A builder's program is the client then, for as long as it lives. */
  private program(): () => void {
    const fromMs = (this.buildAskedMs = performance.now());
    const command = dockerLines(this.facts).build;
    const details = { seen: 'program' as const, ...(command && { command }) };
    const written = this.order.recorder.begin('client', 'build', details, fromMs);
    this.daemon.begun('build', fromMs, true);
    return () => {
      const toMs = performance.now();
      written.end(toMs);
      this.daemon.answered({ step: 'build', fromMs, toMs });
    };
  }

  private async pull(reference: string): Promise<void> {
    const { scope, fresh } = this.order;
    if (!fresh && (await this.isHere(reference))) return;
    const login = await loginFor(reference, scope.signal);
    await pullImage(this.docker, reference, scope, login, (line) => this.daemon.pulled(line));
  }

  private async isHere(reference: string): Promise<boolean> {
    try {
      await this.client.docker.getImage(reference).inspect();
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  /** From the container's creation until it is gone. */
  async container(ready: ReadyWorkload): Promise<void> {
    const { plan, scope, recorder } = this.order;
    const run = runLine({ ready });
    const { probe } = ready.workload;
    const path = probe.kind === 'http' ? probe.path : '/';
    this.facts = { ...this.facts, run, port: ready.image.port, path };
    recorder.note({
      command: dockerLines(this.facts).create!.replace(' create --name tare-workflow', ' run -d --rm'),
    });
    const target = createContainerTarget({ docker: this.docker, aside: this.client.docker });
    const prepared = await target.prepare(ready, scope);
    const turn = { workload: ready.workload, target: baselineTarget, round: 0 };
    const phases = followTrial(recorder, {
      started: () => this.ask(),
    });
    const trial = await startTrial(turn, prepared, { plan, scope, ...phases });
    phases.ready(trial.record);
    if (!trial.record.failure) await this.evidence(ready);
    const { failure } = await trial.end();
    scope.signal.throwIfAborted();
    if (failure) recorder.note({ failure });
  }

  private ask() {
    const command = dockerLines(this.facts).ask;
    return this.order.recorder.begin('client', 'ask', { seen: 'phase', ...(command && { command }) });
  }

  /** What the daemon and the kernel say about the container while it is up. */
  private async evidence(ready: ReadyWorkload): Promise<void> {
    const { daemon } = this;
    if (daemon.id === undefined) return;
    const details = await this.client.docker
      .getContainer(daemon.id)
      .inspect()
      .catch(() => undefined);
    if (!details) return;
    daemon.add('writable-layer', [
      ...daemon.eventsOf(/container create/),
      `${ready.image.digest.slice(0, 19)} + ${writableLayerOf(details)}`,
    ]);
    const networks = Object.entries(details.NetworkSettings.Networks ?? {});
    daemon.add('network', [
      ...daemon.eventsOf(/network connect/),
      ...networks.map(
        ([name, one]) =>
          `${name}: ${one.IPAddress || '?'}, ${one.MacAddress || '?'}, via ${one.Gateway || '?'}`,
      ),
    ]);
    const { Pid } = details.State;
    daemon.add('runtime', groupsOf(Pid));
    const start = daemon.eventsOf(/container start/);
    daemon.add('namespaces', [
      `PID ${Pid}: ${details.Path} ${details.Args.join(' ')}`,
      ...namespacesOf(Pid),
      ...start,
    ]);
    daemon.add('start-all', [`PID ${Pid}: ${details.Path} ${details.Args.join(' ')}`, ...start]);
  }
}

/** A graph driver tells the folder of the container's own layer, containerd's store (since API 1.52) only what makes it. */
function writableLayerOf(details: Docker.ContainerInspectInfo): string {
  // @types/dockerode knows only what older versions tell.
  const { GraphDriver: driver, Storage: storage } = details as Layered;
  const folder = driver?.Data?.UpperDir ?? Object.values(driver?.Data ?? {})[0];
  const name = driver?.Name ?? storage?.RootFS?.Snapshot?.Name;
  return [name, folder].filter(Boolean).join(': ') || details.Id.slice(0, 12);
}

interface Layered {
  GraphDriver?: { Name?: string; Data?: Record<string, string> | null };
  Storage?: { RootFS?: { Snapshot?: { Name?: string } } };
}

/** Absent where the engine's processes are not on this computer. */
function groupsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => !line.endsWith(':/'));
  } catch {
    return [];
  }
}

/** Those that are not this process's own. */
function namespacesOf(pid: number): string[] {
  try {
    return ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'].flatMap((name) => {
      const own = readlinkSync(`/proc/${pid}/ns/${name}`);
      return own === readlinkSync(`/proc/self/ns/${name}`) ? [] : [own];
    });
  } catch {
    return [];
  }
}
