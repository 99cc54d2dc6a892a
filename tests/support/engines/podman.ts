/** Podman as a service for the tests, with storage of its own: nothing of a person's Podman is seen or touched. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../patience';

const folder = '/run/tare-test-podman';
const socket = path.join(folder, 'podman.sock');
/** Stands in vitest.config.ts too. */
const podmanEndpoint = `unix://${socket}`;

/** Its `root` must be on a disk: /run is memory. */
const storage = '/var/tmp/tare-test-podman';

/** crun does not start containers where cgroups are in hybrid mode; runc does everywhere. */
const settings = [
  ...['--root', path.join(storage, 'root'), '--runroot', path.join(folder, 'run')],
  ...['--storage-driver', 'vfs', '--runtime', 'runc', '--cgroup-manager', 'cgroupfs'],
];

export default async function startPodman(): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  rmSync(socket, { force: true });
  const env = { ...process.env, PODMAN_IGNORE_CGROUPSV1_WARNING: '1' };
  const words = [...settings, 'system', 'service', '--time=0', podmanEndpoint];
  // It ends with the tests, however they end: two of them on one storage wait for each other for ever.
  const bound = ['--pdeathsig', 'TERM', '--', 'podman', ...words];
  // Its monitors write files into the folder where it was started.
  const service = spawn('setpriv', bound, { stdio: 'ignore', env, cwd: folder });
  const gone = once(service, 'exit');
  const deadline = Date.now() + patience.timeout;
  for (; !existsSync(socket); await sleep(patience.interval))
    if (Date.now() > deadline || service.exitCode !== null) throw new Error('Podman does not listen');
  return async () => {
    service.kill();
    await gone;
    execFileSync('podman', [...settings, 'system', 'reset', '--force'], { stdio: 'ignore', env });
    for (const one of [folder, storage]) rmSync(one, { recursive: true, force: true });
  };
}
