/**
 * `npx vite-node tests/fleet/swarm.ts [-- NAME …]`: a swarm of three dockerds on this computer, one of them its manager, and Tare on all of its
 * nodes: what comes home, what is told of a node that gives nothing, and that nothing is left. Needs root, Docker and `npm run build`; about ten
 * minutes on two cores. Ends with 1 when something was found wrong.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { openStage, type StagedHost } from './stage';

const asked = process.argv.slice(2).filter((word) => word !== '--');
const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync('/var/tmp/tare-swarm-');
const plan = path.join(folder, 'plan.json');
writeFileSync(
  plan,
  JSON.stringify({
    name: 'swarm',
    workloads: [
      { name: 'web', image: { kind: 'builtin', name: 'web' }, port: 8080, limits: { memoryBytes: 2 ** 26 } },
    ],
    targets: ['container'],
    trials: 2,
  }),
);

const stage = await openStage(['manager', 'worker1', 'worker2']);
const [manager, ...workers] = stage.hosts as [StagedHost, ...StagedHost[]];
const node = (name: string): StagedHost => stage.hosts.find((one) => one.name === name)!;

/** A host of a record, as far as it is looked at. */
interface Row {
  name: string;
  way: string;
  outcome: string;
  failure?: { code: string; reason?: string };
  run?: { trials: { outcome: string }[] };
}

interface Ended {
  exit: number | string;
  rows: Row[];
  stderr: string;
}

const tare = (...words: string[]): ChildProcess =>
  spawn(process.execPath, [path.join(root, 'dist/main/cli.cjs'), ...words], {
    env: {
      ...process.env,
      DOCKER_HOST: manager.endpoint,
      XDG_DATA_HOME: path.join(folder, 'data'),
      TARE_LOCK_DIR: path.join(folder, 'lock'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function ended(child: ChildProcess): Promise<Ended> {
  const [out, err] = [buffer(child.stdout!), buffer(child.stderr!)];
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  const text = (await out).toString();
  const { hosts = [] } = text === '' ? {} : (JSON.parse(text) as { hosts?: Row[] });
  return { exit: code ?? signal!, rows: hosts, stderr: (await err).toString() };
}

const run = (...words: string[]) => tare('run', plan, '--swarm', '--json', ...words);
const swarm = (...words: string[]) => ended(run(...words));

/** Waits until a node measures: beside the task and its sibling there is a container of the agent's. */
async function measuring({ docker }: StagedHost): Promise<void> {
  while (docker('ps', '-q', '--filter', 'label=tare.session').split('\n').length < 3) await sleep(200);
}

const summary = (rows: readonly Row[]): string =>
  rows
    .map(({ name, outcome, failure, run: its }) => {
      const why = failure ? ` (${failure.reason ?? failure.code})` : '';
      const trials = its ? `, ${its.trials.filter((trial) => trial.outcome === 'ok').length} trials ok` : '';
      return `${name}: ${outcome}${why}${trials}`;
    })
    .join('; ');

const imagesOf = ({ docker }: StagedHost) =>
  docker('images', '--format', '{{.Repository}}:{{.Tag}}')
    .split('\n')
    .filter((name) => name.startsWith('tare-agent'));

/** What is on a host of what no run may leave: containers, volumes, what a swarm keeps, files, processes. */
function left(host: StagedHost): string[] {
  const lines = (kind: string, ...words: string[]) =>
    host
      .docker(...words)
      .split('\n')
      .filter(Boolean)
      .map((name) => `${host.name}: ${kind} ${name}`);
  const kept = ['service', 'secret', 'config'] as const;
  return [
    ...lines('container', 'ps', '-a', '--format', '{{.Names}}'),
    ...lines('volume', 'volume', 'ls', '-q'),
    ...(host === manager ? kept.flatMap((kind) => lines(kind, kind, 'ls', '-q')) : []),
    ...host
      .inside('ls', '-A', '/var/tmp', '/root')
      .split('\n')
      .filter((name) => name.startsWith('tare'))
      .map((name) => `${host.name}: file ${name}`),
    ...host
      .inside('ps', '-eo', 'args')
      .split('\n')
      .filter((line) => /tare-|\/opt\/tare|agent --stdio/.test(line) && !/tare-stage-|^ps /.test(line))
      .map((line) => `${host.name}: process ${line.slice(0, 120)}`),
  ];
}

let wrong = 0;
async function scene(name: string, play: () => Promise<[told: string, isRight: boolean]>): Promise<void> {
  if (asked.length > 0 && !asked.includes(name)) return;
  const begunMs = performance.now();
  const [told, isRight] = await play().catch((error: unknown): [string, boolean] => [String(error), false]);
  const rest = stage.hosts.flatMap((host) => (host.inside('true') === '' ? left(host) : []));
  if (!isRight || rest.length > 0) wrong += 1;
  const mark = isRight && rest.length === 0 ? 'ok   ' : 'WRONG';
  const seconds = ((performance.now() - begunMs) / 1000).toFixed(0);
  console.log(`${mark} ${name} (${seconds} s): ${told}; left: ${rest.join(', ') || 'nothing'}`);
}

const outcomes = (rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(
    rows.map(({ name, outcome, failure }) => [name, failure?.reason ?? failure?.code ?? outcome]),
  );
const are = (rows: readonly Row[], expected: Record<string, string>): boolean =>
  JSON.stringify(Object.entries(outcomes(rows)).sort()) === JSON.stringify(Object.entries(expected).sort());

try {
  manager.docker('swarm', 'init', '--advertise-addr', manager.address);
  const token = manager.docker('swarm', 'join-token', '-q', 'worker');
  for (const worker of workers)
    worker.docker('swarm', 'join', '--token', token, '--advertise-addr', worker.address, manager.address);
  for (const { name } of workers) manager.docker('node', 'update', '--label-add', 'kind=bench', name);

  await scene('image', async () => {
    const { rows, exit, stderr } = await swarm('--keep-image');
    const missing = 'agent-image-missing';
    return [
      `${summary(rows)} exit ${exit} ${rows.length === 0 ? stderr.slice(-1500) : ''}`,
      are(rows, { manager: 'ok', worker1: missing, worker2: missing }) && exit === 1,
    ];
  });
  if (imagesOf(manager).length === 0) {
    // where nothing can run the image is made all the same
    manager.docker('node', 'update', '--availability', 'drain', 'manager');
    await swarm('--keep-image', '--constraint', 'node.role==manager');
    manager.docker('node', 'update', '--availability', 'active', 'manager');
  }
  const [image] = imagesOf(manager);
  if (image === undefined) throw new Error('the image was not kept');
  const archive = path.join(folder, 'image.tar');
  execFileSync('sh', ['-c', `docker --host '${manager.endpoint}' save '${image}' > '${archive}'`]);
  for (const { endpoint } of workers)
    execFileSync('docker', ['--host', endpoint, 'load', '--quiet', '--input', archive]);

  await scene('all', async () => {
    const { rows, exit } = await swarm();
    return [
      `${summary(rows)} exit ${exit}`,
      are(rows, { manager: 'ok', worker1: 'ok', worker2: 'ok' }) &&
        exit === 0 &&
        rows.every(({ run: its }) => its?.trials.length === 2),
    ];
  });
  await scene('quick', async () => {
    const { rows, exit, stderr } = await ended(tare('run', 'quick', '--swarm', '--json'));
    const all = rows.every(
      ({ run: its }) => its?.trials.filter(({ outcome }) => outcome === 'ok').length === 6,
    );
    return [
      `${summary(rows)} exit ${exit} ${exit === 0 ? '' : stderr.slice(-500)}`,
      rows.length === 3 && all && exit === 0,
    ];
  });
  await scene('constraint', async () => {
    const { rows, exit } = await swarm('--constraint', 'node.labels.kind==bench', '--max-concurrent', '1');
    return [`${summary(rows)} exit ${exit}`, are(rows, { worker1: 'ok', worker2: 'ok' }) && exit === 0];
  });
  await scene('drained', async () => {
    manager.docker('node', 'update', '--availability', 'drain', 'worker1');
    try {
      const { rows, exit } = await swarm('--constraint', 'node.labels.kind==bench');
      return [
        `${summary(rows)} exit ${exit}`,
        are(rows, { worker1: 'node-drained', worker2: 'ok' }) && exit === 1,
      ];
    } finally {
      manager.docker('node', 'update', '--availability', 'active', 'worker1');
    }
  });
  // a job that runs is left to end by Docker 26.1
  await scene('drained-midway', async () => {
    const child = run('--constraint', 'node.labels.kind==bench');
    const end = ended(child);
    try {
      await measuring(node('worker1'));
      manager.docker('node', 'update', '--availability', 'drain', 'worker1');
      const { rows, exit } = await end;
      return [`${summary(rows)} exit ${exit}`, are(rows, { worker1: 'ok', worker2: 'ok' }) && exit === 0];
    } finally {
      manager.docker('node', 'update', '--availability', 'active', 'worker1');
    }
  });
  await scene('ctrl-c', async () => {
    const child = run();
    const end = ended(child);
    await measuring(node('worker2'));
    child.kill('SIGINT');
    const { rows, exit } = await end;
    return [`${summary(rows)} exit ${exit}`, exit === 130];
  });
  await scene('killed', async () => {
    const child = run();
    const end = ended(child);
    await measuring(node('worker2'));
    child.kill('SIGKILL');
    await end;
    const { exit } = await ended(tare('clean', '--json'));
    return [`tare clean: exit ${exit}`, exit === 0];
  });
  await scene('task-killed', async () => {
    const child = run('--constraint', 'node.labels.kind==bench');
    const end = ended(child);
    await measuring(node('worker1'));
    const { docker } = node('worker1');
    docker('kill', docker('ps', '-q', '--filter', 'name=tare-.*service'));
    const { rows, exit } = await end;
    return [
      `${summary(rows)} exit ${exit}`,
      are(rows, { worker1: 'task-failed', worker2: 'ok' }) && exit === 1,
    ];
  });
  // last: the worker does not come back
  await scene('worker-cut', async () => {
    const child = run();
    const end = ended(child);
    await measuring(node('worker2'));
    await node('worker2').cut();
    stage.hosts.splice(2, 1);
    const { rows, exit } = await end;
    return [
      `${summary(rows)} exit ${exit}`,
      are(rows, { manager: 'ok', worker1: 'ok', worker2: 'node-down' }) && exit === 1,
    ];
  });
} finally {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
}
if (readdirSync('/var/tmp').some((name) => name.startsWith('tare-stage-')))
  console.log('a stage is left in /var/tmp');
process.exitCode = wrong > 0 ? 1 : 0;
