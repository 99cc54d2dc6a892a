/**
 * `npx vite-node tests/fleet/swarm.ts [-- NAME …]`: a swarm of three dockerds on this computer, one of them its manager, and Tare on all of its
 * nodes: what comes home, what is told of a node that gives nothing, and that nothing is left. Needs root, Docker, docker-registry and
 * `npm run build`; about ten minutes on two cores. Ends with 1 when something was found wrong.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  cacheIn,
  came,
  ended,
  leftOn,
  runningOn,
  Scenes,
  sessionPrefix,
  until,
  webPlan,
  type Ended,
} from './scenes';
import { openStage, type StagedHost } from './stage';
import { measureFromWindow } from './window';

const program = path.resolve('dist/main/cli.cjs');
const folder = mkdtempSync('/var/tmp/scenes-');
const at = (name: string) => path.join(folder, name);
cacheIn(at('cache'));
const trials = 2;
writeFileSync(at('plan.json'), JSON.stringify(webPlan(trials)));

const stage = await openStage(['manager', 'worker1', 'worker2']);
const [manager, worker1, worker2] = stage.hosts as [StagedHost, StagedHost, StagedHost];
const workers = [worker1, worker2];

const environment = {
  DOCKER_HOST: manager.endpoint,
  XDG_CACHE_HOME: at('cache'),
  TARE_LOCK_DIR: at('lock'),
  TARE_SESSION_PREFIX: sessionPrefix,
};
const tare = (...words: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...words], {
    env: { ...process.env, ...environment, XDG_DATA_HOME: at('data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const begin = (...words: string[]): ChildProcess =>
  tare('run', at('plan.json'), '--swarm', '--json', ...words);
const swarm = (...words: string[]): Promise<Ended> => ended(begin(...words));
const onBench = ['--constraint', 'node.labels.kind==bench'];

const imagesOf = ({ docker }: StagedHost) =>
  docker('images', '--format', '{{.Repository}}:{{.Tag}}')
    .split('\n')
    .filter((name) => name.startsWith('tare-agent'));

const left = (): string[] => [
  ...stage.hosts.flatMap(leftOn),
  ...['service', 'secret', 'config'].flatMap((kind) =>
    manager
      .docker(kind, 'ls', '--quiet')
      .split('\n')
      .filter(Boolean)
      .map((id) => `${kind} ${id}`),
  ),
];
const scenes = new Scenes(
  process.argv.slice(2).filter((word) => word !== '--'),
  left,
);

const available = (how: 'active' | 'drain', name: string) =>
  manager.docker('node', 'update', '--availability', how, name);

/** The task and its sibling. */
const besideMeasured = 2;

/** Begins a run, does something to it once a node measures, and waits for its end. */
async function midway(
  on: StagedHost,
  what: (child: ChildProcess) => unknown,
  ...words: string[]
): Promise<Ended> {
  const child = begin(...words);
  const end = ended(child);
  await until(() => runningOn(on) > besideMeasured, end);
  await what(child);
  return end;
}

/** Debian's, without a password or TLS, where all nodes reach it. */
async function openRegistry(): Promise<{ name: string; close: () => Promise<void> }> {
  const name = `${stage.address}:5000`;
  writeFileSync(
    at('registry.json'), // JSON is YAML
    JSON.stringify({
      version: '0.1',
      storage: { filesystem: { rootdirectory: at('registry') } },
      http: { addr: name, secret: 'tare' },
    }),
  );
  const [first, ...words] = stage.beside('docker-registry', 'serve', at('registry.json'));
  const server = spawn(first!, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(server, 'exit');
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => chunk.includes('listening on') && resolve());
    void gone.then(() => reject(new Error('docker-registry has ended')));
  });
  const close = async () => {
    server.kill();
    await gone;
  };
  return { name, close };
}

/** Has the agent's image on the workers, as a person hands it on. */
async function handOnImage(): Promise<void> {
  if (imagesOf(manager).length === 0) {
    // where nothing can run the image is made all the same
    available('drain', 'manager');
    await swarm('--keep-image', '--constraint', 'node.role==manager');
    available('active', 'manager');
  }
  const [image] = imagesOf(manager);
  if (image === undefined) throw new Error('the image was not kept');
  execFileSync('sh', ['-c', `docker --host '${manager.endpoint}' save '${image}' > '${at('image.tar')}'`]);
  for (const { endpoint } of workers)
    execFileSync('docker', ['--host', endpoint, 'load', '--quiet', '--input', at('image.tar')]);
}

const everywhere = { manager: 'ok', worker1: 'ok', worker2: 'ok' };

try {
  manager.docker('swarm', 'init', '--advertise-addr', manager.address);
  const token = manager.docker('swarm', 'join-token', '-q', 'worker');
  for (const { name, address, docker } of workers) {
    docker('swarm', 'join', '--token', token, '--advertise-addr', address, manager.address);
    manager.docker('node', 'update', '--label-add', 'kind=bench', name);
  }

  await scenes.play('image', async () => {
    const missing = 'agent-image-missing';
    const expected = { manager: 'ok', worker1: missing, worker2: missing };
    const [told, isRight] = came(await swarm(), 1, expected, trials);
    const images = stage.hosts.flatMap(imagesOf);
    return [`${told}; images: ${images.join(', ') || 'none'}`, isRight && images.length === 0];
  });
  await scenes.play('registry', async () => {
    const registry = await openRegistry();
    try {
      return came(await swarm('--registry', `${registry.name}/tare`), 0, everywhere, trials);
    } finally {
      await registry.close();
    }
  });
  await handOnImage();
  await scenes.play('all', async () => came(await swarm(), 0, everywhere, trials));
  await scenes.play('quick', async () =>
    came(await ended(tare('run', 'quick', '--swarm', '--json')), 0, everywhere, 6),
  );
  await scenes.play('window', () => measureFromWindow(environment, stage.hosts.length, trials));
  await scenes.play('constraint', async () =>
    came(await swarm(...onBench, '--max-concurrent', '1'), 0, { worker1: 'ok', worker2: 'ok' }, trials),
  );
  await scenes.play('drained', async () => {
    available('drain', 'worker1');
    try {
      return came(await swarm(...onBench), 1, { worker1: 'node-drained', worker2: 'ok' }, trials);
    } finally {
      available('active', 'worker1');
    }
  });
  // a job that runs is left to end by Docker 26.1
  await scenes.play('drained-midway', async () => {
    try {
      const end = await midway(worker1, () => available('drain', 'worker1'), ...onBench);
      return came(end, 0, { worker1: 'ok', worker2: 'ok' }, trials);
    } finally {
      available('active', 'worker1');
    }
  });
  await scenes.play('ctrl-c', async () => {
    const end = await midway(worker2, (child) => child.kill('SIGINT'));
    const stopped = { manager: 'stopped', worker1: 'stopped', worker2: 'stopped' };
    const [told, isRight] = came(end, 130, stopped);
    const home = end.rows.filter((row) => row.run).length;
    return [`${told}; ${home} runs came home`, isRight && home === 3];
  });
  await scenes.play('killed', async () => {
    await midway(worker2, (child) => child.kill('SIGKILL'));
    const { exit } = await ended(tare('clean', '--json'));
    return [`tare clean: exit ${exit}`, exit === 0];
  });
  await scenes.play('task-killed', async () => {
    const kill = () => worker1.docker('kill', worker1.docker('ps', '-q', '--filter', 'name=tare-.*service'));
    return came(
      await midway(worker1, kill, ...onBench),
      1,
      { worker1: 'task-failed', worker2: 'ok' },
      trials,
    );
  });
  await scenes.play('worker-killed', async () => {
    const end = await midway(worker2, worker2.cut);
    const [told, isRight] = came(end, 1, { ...everywhere, worker2: 'node-down' }, trials);
    await worker2.start();
    while (manager.docker('node', 'inspect', '--format', '{{.Status.State}}', 'worker2') !== 'ready')
      await sleep(200);
    const found = leftOn(worker2);
    const [toldAgain, isRightAgain] = came(
      await swarm('--constraint', 'node.hostname==worker2'),
      0,
      { worker2: 'ok' },
      trials,
    );
    return [
      `${told}; up again, it had ${found.join(', ') || 'nothing'}; ${toldAgain}`,
      isRight && found.length > 0 && isRightAgain,
    ];
  });
} finally {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = scenes.wrong > 0 ? 1 : 0;
