/** For the tests that run once more on a Docker as a fresh 29 is: images in containerd's store, and answers in the newest version known. */
import { mkdirSync, rmSync } from 'node:fs';
import { newestApiVersion } from '../../../main/engine/docker/version';
import { engineAnsweringAs } from './proxy';
import { containerdStore, ownDaemon } from '../ownDaemon';

const folder = '/run/tare-test-docker29'; // stands in vitest.config.ts too

export default async function startDocker29(): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  const daemon = await ownDaemon({}, containerdStore);
  const proxy = await engineAnsweringAs({
    socket: daemon.endpoint.replace('unix://', ''),
    version: newestApiVersion,
    oldest: '1.44',
    listen: `${folder}/docker.sock`,
  });
  return async () => {
    await proxy.stop();
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
