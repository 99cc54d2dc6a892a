/** The whole way of an image, followed on the real daemon: who did what, for how long, and that nothing is missing from the sum. */
import type { WorkInputs } from '../../main/contract/work/work';
import { doJob } from '../../main/doors/doJob';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { TareEvent } from '../../main/contract/events';
import type { BuildPart, WorkflowReport, WorkflowStep, WorkflowWay } from '../../main/contract/work/workflow';
import { openDocker } from '../../main/engine/base/docker/client';
import { folderTag } from '../../main/engine/images/image/build/build';
import { styleFolder, withoutBuildx } from '../support/builders';
import { testEngine } from '../support/engine';
import { docker } from '../support/images';
import { leftovers } from '../support/leaks';
import { openRegistry } from '../support/registry';
import { busybox } from './daemon';

const engine = testEngine();
const made: string[] = [];
let events: TareEvent[] = [];
engine.onEvent((event) => events.push(event));

afterEach(() => {
  events = [];
});
afterAll(async () => {
  await engine.close();
  made.push(folderTag((await starter()).path));
  for (const reference of made) await docker('image', 'rm', '--force', reference).catch(() => undefined);
  rmSync(engine.dataFolder, { recursive: true });
  expect(leftovers()).toEqual([]);
});

const starter = () => engine.buildFolder({});
const follow = (given: Partial<WorkInputs['workflow']> = {}): Promise<WorkflowReport> =>
  doJob(engine, 'workflow', { source: { kind: 'starter' }, machine: 'none', fresh: false, ...given });

const stepsOf = (way: WorkflowWay, name: string): WorkflowStep[] =>
  way.lanes.find(({ lane }) => lane === name)!.steps;
const busy = (way: WorkflowWay, name: string) => stepsOf(way, name).filter(({ idle }) => !idle);
/** What goes on in a build beside other parts of it. */
const parts = (way: WorkflowWay, kind: BuildPart['kind']): WorkflowStep[] =>
  way.lanes.flatMap(({ part, steps }) => (part?.kind === kind ? steps.filter(({ idle }) => !idle) : []));
const names = (steps: WorkflowStep[]) => steps.map(({ name }) => name);
const told = () => events.flatMap((event) => (event.kind === 'workflow' ? [event.report] : []));

/** Every lane is as long as the whole, without a hole. */
function expectWhole(way: WorkflowWay) {
  for (const { steps } of way.lanes) {
    const sum = steps.reduce((all, { fromMs, toMs }) => all + toMs - fromMs, 0);
    expect(Math.abs(sum - way.tookMs) / way.tookMs).toBeLessThan(0.01);
  }
}

/** Works on a folder with busybox, 100 KiB that nobody else has, and these lines. */
async function buildFrom<T>(lines: string[], work: (folder: string) => Promise<T>): Promise<T> {
  const here = mkdtempSync(path.join(os.tmpdir(), 'tare-workflow-'));
  try {
    writeFileSync(path.join(here, 'blob'), randomBytes(100 * 1024));
    writeFileSync(path.join(here, 'Dockerfile'), ['FROM scratch', 'COPY busybox /', ...lines, ''].join('\n'));
    copyFileSync(await busybox(), path.join(here, 'busybox'));
    return await work(here);
  } finally {
    rmSync(here, { recursive: true });
  }
}

describe('from a Dockerfile to a container and to a machine', () => {
  let report: WorkflowReport;

  test('every lane adds up to the whole, and the whole to the time that passed', async () => {
    const fromMs = performance.now();
    report = await follow({ fresh: true, machine: 'vm:direct' });
    const passedMs = performance.now() - fromMs;
    expect(report).toMatchObject({ state: 'done', sameAnswer: true });
    expect(report.ways.map(({ id, failure }) => [id, failure])).toEqual([
      ['docker', undefined],
      ['machine', undefined],
    ]);
    report.ways.forEach(expectWhole);
    const sum = report.ways.reduce((all, { tookMs }) => all + tookMs, 0);
    expect(sum).toBeLessThan(passedMs);
    // the rest passed before and after, with the starter's folder and the report itself: a busy machine takes its time for that, too
    expect(sum).toBeGreaterThan(0.5 * passedMs);
  });

  test('the client’s lane holds the calls that were made, each with the command that does the same', () => {
    const calls = busy(report.ways[0]!, 'client');
    const inOrder = names(calls).filter((name) => name !== 'look-up');
    expect(inOrder).toEqual(['build', 'create', 'start', 'ask', 'stop', 'remove']);
    const byName = new Map(calls.map((step) => [step.name, step]));
    expect(byName.get('create')!.request).toBe('POST /containers/create');
    expect(byName.get('start')!.request).toMatch(/^POST \/containers\/[0-9a-f]{12}\/start$/);
    expect(byName.get('build')!.command).toMatch(/^docker build -t tare\/folder-starter:\w+ \//);
    expect(byName.get('create')!.command).toContain('docker create --name tare-workflow');
    expect(byName.get('ask')!.command).toBe('curl http://$(docker port tare-workflow 8080)/');
  });

  test('the daemon’s lane holds each line of the Dockerfile, and what a start is made of, in the kernel’s words', () => {
    const daemon = busy(report.ways[0]!, 'daemon');
    const text = readFileSync(path.resolve('assets/workloads/starter/Dockerfile'), 'utf8');
    // what only changes the image's configuration is no step of BuildKit's
    const lines = text.split('\n').filter((line) => /^(RUN|COPY|ADD|WORKDIR)\b/.test(line));
    const built = parts(report.ways[0]!, 'stage').filter(({ name }) => name === 'build-step');
    expect(built.map(({ facts }) => facts.instruction)).toEqual(lines);
    expect(built[0]!.facts.size).toEqual({ bytes: expect.any(Number) as number });
    const own = parts(report.ways[0]!, 'own').map(({ facts }) => facts.instruction);
    expect(own).toEqual(expect.arrayContaining(['load build context', 'exporting to image']));
    const whole = daemon.find(({ name }) => name === 'build-graph')!;
    expect(whole.facts).toMatchObject({ instructions: lines.length, stages: 1 });
    for (const { fromMs, toMs } of built) {
      expect(fromMs).toBeGreaterThanOrEqual(whole.fromMs);
      expect(toMs).toBeLessThanOrEqual(whole.toMs);
    }
    const started = names(daemon).slice(names(daemon).indexOf('writable-layer'));
    expect(started).toEqual(
      expect.arrayContaining(['writable-layer', 'network', 'namespaces', 'end-process', 'delete-layer']),
    );
    const evidence = (name: string) => daemon.find((step) => step.name === name)!.evidence.join('\n');
    expect(evidence('writable-layer')).toContain(report.image!.digest.slice(0, 19));
    expect(evidence('network')).toMatch(/network connect[^]*\d+\.\d+\.\d+\.\d+/);
    for (const kind of ['mnt', 'net', 'pid', 'uts']) expect(evidence('namespaces')).toContain(`${kind}:[`);
    expect(evidence('namespaces')).toContain('httpd');
    expect(names(stepsOf(report.ways[0]!, 'registry'))).toEqual(['idle-registry']);
  });

  test('the machine’s lanes hold disk, QEMU and boot, and its accelerator', () => {
    const way = report.ways[1]!;
    expect(names(busy(way, 'host'))).toEqual(
      expect.arrayContaining(['parts', 'disk', 'spawn', 'ask', 'power-off']),
    );
    expect(names(busy(way, 'guest'))).toEqual([
      'firmware',
      'kernel',
      'guest-network',
      'init',
      'app',
      'shut-down',
    ]);
    expect(way.accelerator).toBeDefined();
    expect(busy(way, 'host').find(({ name }) => name === 'spawn')!.command).toMatch(/^qemu-system-\w+ /);
    expect(way.startMs!).toBeLessThan(way.readyMs!);
  });
});

test('building again uses every layer again, and says so while it goes on', async () => {
  const report = await follow();
  const lines = parts(report.ways[0]!, 'stage');
  expect(lines.length).toBeGreaterThan(0);
  expect(new Set(names(lines))).toEqual(new Set(['build-cached']));
  expectWhole(report.ways[0]!);
  const states = told().map(({ state }) => state);
  expect(states.length).toBeGreaterThan(2);
  expect(states.at(0)).toBe('running');
  expect(states.at(-1)).toBe('done');
  expect(
    told().some(({ ways }) => ways.some(({ lanes }) => lanes.some(({ steps }) => steps.at(-1)?.growing))),
  ).toBe(true);
});

test('stages that need nothing of each other lie side by side, each step with those that it waited for', async () => {
  const { path: folder } = styleFolder(engine.dataFolder, 'parallel-stages', await busybox());
  made.push(folderTag(folder));
  const report = await follow({ source: { kind: 'folder', path: folder }, fresh: true, port: 8080 });
  const way = report.ways[0]!;
  expectWhole(way);
  const stages = way.lanes.flatMap(({ part }) => (part?.kind === 'stage' ? [part.name] : []));
  expect(stages[0]).toBe('base');
  expect([...stages].sort()).toEqual(['base', 'left', 'right', 'stage-3']);
  const run = (name: string) =>
    way.lanes
      .find(({ part }) => part?.kind === 'stage' && part.name === name)!
      .steps.find(
        ({ facts: { instruction } }) => typeof instruction === 'string' && instruction.startsWith('RUN'),
      )!;
  const [left, right] = [run('left'), run('right')];
  expect(left.fromMs).toBeLessThan(right.toMs);
  expect(right.fromMs).toBeLessThan(left.toMs);
  const last = parts(way, 'stage').filter(({ inputs = [] }) => inputs.includes(right.id!));
  expect(last).toHaveLength(1);
  expect(last[0]!.fromMs).toBeGreaterThanOrEqual(right.toMs);
});

test('where there is no docker buildx, the classic builder’s instructions stand in the daemon’s own lane', async () => {
  const report = await withoutBuildx(engine.dataFolder, () => follow({ fresh: true }));
  const way = report.ways[0]!;
  expectWhole(way);
  const text = readFileSync(path.resolve('assets/workloads/starter/Dockerfile'), 'utf8');
  const built = busy(way, 'daemon').filter(({ name }) => name === 'build-step');
  expect(built.map(({ facts }) => facts.instruction)).toEqual(
    text.split('\n').filter((line) => /^[A-Z]/.test(line)),
  );
  expect(parts(way, 'stage')).toEqual([]);
  expect(busy(way, 'client')).toContainEqual(
    expect.objectContaining({ name: 'build', request: 'POST /build' }),
  );
});

test('a registry’s lane holds the manifest and the layers, of a pull that really was one', async () => {
  await using registry = { ...(await openRegistry()), [Symbol.asyncDispose]: () => registry.close() };
  const reference = `${registry.name}/tare-test/pulled:1`;
  // BuildKit would keep the layers in its cache, where the pull would find them
  await withoutBuildx(engine.dataFolder, () =>
    buildFrom(
      ['COPY blob /www/index.html', 'EXPOSE 80', 'CMD ["/busybox", "httpd", "-f", "-p", "80", "-h", "/www"]'],
      (folder) => doJob(engine, 'buildImage', { path: folder, tag: reference }),
    ),
  );
  made.push(reference);
  await doJob(engine, 'pushImage', { reference });
  await docker('image', 'rm', '--force', reference);
  const report = await follow({ source: { kind: 'reference', reference } });
  const way = report.ways[0]!;
  expectWhole(way);
  expect(names(busy(way, 'client'))).toContain('pull');
  expect(names(busy(way, 'registry'))).toEqual(['manifest', 'layers']);
  // containerd's store before Docker 28 does not tell when it unpacks.
  const isDriver = (await openDocker()).store === 'graphdriver';
  const unpacking = isDriver ? ['unpack', 'finish-pull'] : [];
  expect(names(busy(way, 'daemon'))).toEqual(
    expect.arrayContaining(['resolve', 'receive', ...unpacking, 'writable-layer']),
  );
  const pull = busy(way, 'client').find(({ name }) => name === 'pull')!;
  expect(pull.command).toBe(`docker pull ${reference}`);
  const layers = busy(way, 'registry').at(-1)!;
  expect(layers.evidence.length).toBeGreaterThan(0);
  expect(layers.fromMs).toBeGreaterThanOrEqual(pull.fromMs);
  expect(layers.toMs).toBeLessThanOrEqual(pull.toMs);
  // Here already: the registry is not asked.
  const again = await follow({ source: { kind: 'reference', reference } });
  expect(names(busy(again.ways[0]!, 'registry'))).toEqual([]);
});

describe('what goes wrong', () => {
  test('a build that fails ends the way, with the step and its output', async () => {
    const here = mkdtempSync(path.join(os.tmpdir(), 'tare-workflow-'));
    writeFileSync(path.join(here, 'Dockerfile'), 'FROM scratch\nCOPY nothing /\n');
    await expect(follow({ source: { kind: 'folder', path: here } })).rejects.toMatchObject({
      failure: { code: 'build-failed', step: 'COPY nothing /', line: 2 },
    });
    const last = told().at(-1)!;
    expect(last.state).toBe('failed');
    expect(names(busy(last.ways[0]!, 'client'))).toContain('build');
    rmSync(here, { recursive: true });
  });

  test('a container that ends by itself is told with its way', async () => {
    const report = await buildFrom(['EXPOSE 80', 'CMD ["/busybox", "sh", "-c", "exit 3"]'], (here) => {
      made.push(folderTag(here));
      return follow({ source: { kind: 'folder', path: here } });
    });
    expect(report.state).toBe('failed');
    expect(report.ways[0]!.failure).toMatchObject({ code: 'ended-early', exit: 'exit 3' });
    expectWhole(report.ways[0]!);
  });

  test('it can be stopped in the middle, and nothing is left', async () => {
    const following = expect(follow({ fresh: true })).rejects.toMatchObject({ failure: { code: 'stopped' } });
    await expect.poll(() => told().length).toBeGreaterThan(0);
    await engine.stopJob({ kind: 'workflow' });
    await following;
    expect(told().at(-1)!.state).toBe('stopped');
    expect(leftovers()).toEqual([]);
  });
});
