/** What the daemon does for each call, and the registry for a pull: from the daemon's events, its reports, and the kernel. */
import type { BuildStep } from '../../../contract/work/images';
import type { WorkflowStepName } from '../../../contract/work/workflow';
import type { TransferLine } from '../../images/registry/transfer';
import type { Call } from './calls';
import type { Happening } from './engineEvents';
import type { Recorder, Written } from './recorder';

type CommandOf = (step: WorkflowStepName) => string | undefined;

/** What the daemon is taken to be busy with from the moment it is asked, until it says more. */
const beginnings: Partial<Record<WorkflowStepName, WorkflowStepName>> = {
  build: 'receive-context',
  pull: 'resolve',
  create: 'writable-layer',
  start: 'start-all',
  stop: 'end-process',
  remove: 'delete-layer',
};

export class DaemonLane {
  /** of the container, once the daemon has named it */
  id: string | undefined;
  private readonly steps = new Map<WorkflowStepName, Written>();
  private open: { name: WorkflowStepName; fromMs: number; written: Written } | undefined;
  private buildEndMs: number | undefined;
  private readonly pull = { lastMoveMs: 0, unpackedMs: 0 };
  private readonly lines: string[] = [];

  constructor(
    private readonly recorder: Recorder,
    private readonly commandOf: CommandOf,
  ) {}

  private begin(
    name: WorkflowStepName,
    atMs: number,
    seen: 'call' | 'event' | 'stream' | 'cgroup' = 'call',
  ): void {
    this.open?.written.end(atMs);
    const command = this.commandOf(name);
    const written = this.recorder.begin('daemon', name, { seen, ...(command && { command }) }, atMs);
    this.steps.set(name, written);
    this.open = { name, fromMs: atMs, written };
  }

  private end(atMs: number): void {
    this.open?.written.end(atMs);
    this.open = undefined;
  }

  /** The step under way turns out to be another one. */
  private becomes(name: WorkflowStepName): void {
    if (!this.open) return;
    const { name: before, fromMs } = this.open;
    this.recorder.forget((step) => step.lane === 'daemon' && step.name === before);
    this.open = undefined;
    this.begin(name, fromMs, 'event');
  }

  /** @param isProgram  a program asks, and the daemon says by itself what it does */
  begun(step: WorkflowStepName, fromMs: number, isProgram = false): void {
    const name = isProgram ? undefined : beginnings[step];
    if (name) this.begin(name, fromMs);
    if (step === 'pull') this.fromRegistry('manifest', fromMs);
  }

  private fromRegistry(name: 'manifest' | 'layers', atMs: number): void {
    const command = this.commandOf(name);
    const details = { seen: 'stream' as const, ...(command && { command }) };
    this.steps.set(name, this.recorder.begin('registry', name, details, atMs));
  }

  answered({ step, toMs, id }: Call): void {
    if (step === 'create') this.id = id;
    if (step === 'pull') this.pullEnded(toMs);
    if (step === 'build') this.buildEndMs = toMs;
    if (this.open) this.end(toMs);
  }

  heard({ kind, atMs, id, line }: Happening): void {
    if (this.id !== undefined && id !== this.id) return;
    if (line) this.lines.push(line);
    if (this.id === undefined) return;
    const name = this.open?.name;
    if (kind === 'network connect' && name === 'start-all') {
      this.becomes('network');
      this.begin('runtime', atMs, 'event');
    } else if (kind === 'cgroup' && name === 'runtime') {
      this.begin('namespaces', atMs, 'cgroup');
    } else if (kind === 'cgroup' && name === 'end-process') {
      this.begin('take-down', atMs, 'cgroup');
    }
  }

  /** The daemon's own words about this container. */
  eventsOf(kind: RegExp): string[] {
    return this.lines.filter((line) => kind.test(line) && (!this.id || line.includes(this.id.slice(0, 12))));
  }

  add(name: WorkflowStepName, evidence: string[]): void {
    this.steps.get(name)?.add({ evidence });
  }

  /** @param originMs  when the build was asked for, as performance.now() */
  built(all: readonly BuildStep[], originMs: number): void {
    const first = all[0];
    if (!first) return;
    if (all.some(({ id }) => id !== undefined)) return this.builtGraph(all, originMs);
    if (this.open?.name === 'receive-context') this.end(originMs + first.fromMs);
    this.recorder.forget((step) => step.lane === 'daemon' && /^(build-|tag$)/.test(step.name));
    let untilMs = originMs;
    for (const step of all) {
      const name = step.state === 'cached' ? 'build-cached' : 'build-step';
      const command = this.commandOf(name);
      const fromMs = originMs + step.fromMs;
      const written = this.recorder.begin('daemon', name, buildDetails(step, command), fromMs);
      if (step.state === 'running') continue;
      untilMs = fromMs + step.tookMs;
      written.end(untilMs);
    }
    // What is left of the call, once every instruction is carried out, is giving the image its name.
    if (this.buildEndMs === undefined || this.buildEndMs <= untilMs) return;
    this.begin('tag', untilMs, 'stream');
    this.end(this.buildEndMs);
  }

  /** What BuildKit does goes on side by side: each part has lanes of its own, and the daemon's lane says from when to when. */
  private builtGraph(all: readonly BuildStep[], originMs: number): void {
    this.recorder.forget((step) => step.lane === 'daemon' && step.name.startsWith('build-'));
    const numbered = all.filter(({ number }) => number !== undefined);
    const stages = new Set(numbered.map(({ stage }) => stage));
    const ends = all.map(({ state, fromMs, tookMs }) => (state === 'running' ? Infinity : fromMs + tookMs));
    const facts = { instructions: numbered.length, stages: stages.size };
    const whole = this.recorder.begin(
      'daemon',
      'build-graph',
      { seen: 'stream', facts },
      originMs + all[0]!.fromMs,
    );
    if (Math.max(...ends) < Infinity) whole.end(originMs + Math.max(...ends));
    for (const step of all) {
      const name =
        step.number === undefined ? 'build-own' : step.state === 'cached' ? 'build-cached' : 'build-step';
      const fromMs = originMs + step.fromMs;
      const written = this.recorder.begin('daemon', name, graphDetails(step, this.commandOf(name)), fromMs);
      if (step.state !== 'running') written.end(fromMs + step.tookMs);
    }
  }

  /** A line of the daemon's report on a pull. */
  pulled({ status = '', id }: TransferLine, atMs = performance.now()): void {
    if (status.startsWith('Pulling from')) {
      this.steps.get('manifest')?.end(atMs);
      this.begin('receive', atMs, 'stream');
    } else if (status === 'Downloading' || status === 'Download complete') {
      if (!this.steps.has('layers')) this.fromRegistry('layers', atMs);
      this.pull.lastMoveMs = atMs;
    } else if (status === 'Extracting' && this.open?.name === 'receive') {
      this.begin('unpack', atMs, 'stream');
    } else if (status === 'Pull complete') this.pull.unpackedMs = atMs;
    if (id && /^(Already exists|Pull complete|Download complete)$/.test(status))
      this.lines.push(`${id}: ${status}`);
  }

  private pullEnded(toMs: number): void {
    this.steps.get('manifest')?.end(toMs);
    this.steps.get('layers')?.end(this.pull.lastMoveMs);
    this.steps.get('layers')?.add({ evidence: this.lines.filter((line) => line.includes(': Download')) });
    this.steps
      .get('unpack')
      ?.add({ evidence: this.lines.filter((line) => / (complete|exists)$/.test(line)) });
    if (this.pull.unpackedMs > 0) this.begin('finish-pull', this.pull.unpackedMs, 'stream');
  }
}

const buildDetails = (step: BuildStep, command: string | undefined) => ({
  seen: 'stream' as const,
  facts: {
    ...(step.number !== undefined && { number: step.number }),
    ...(step.of !== undefined && { of: step.of }),
    instruction: step.instruction,
    ...(step.layerBytes !== undefined && { size: { bytes: step.layerBytes } }),
  },
  ...(command && { command }),
  evidence: step.output?.trimEnd().split('\n') ?? [],
});

const graphDetails = (step: BuildStep, command: string | undefined) => ({
  ...buildDetails(step, command),
  part:
    step.number === undefined
      ? { kind: 'own' as const }
      : { kind: 'stage' as const, ...(step.stage !== undefined && { name: step.stage }) },
  ...(step.id !== undefined && { id: step.id }),
  ...(step.inputs && { inputs: step.inputs }),
});
