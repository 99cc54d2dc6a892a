/**
 * The file of tests that loads this runs on a Docker as a fresh 29 is: images in containerd's store, and answers in the newest version
 * known. The daemon is up for that file alone: beside it nobody could tell whose memory and time the daemons on this computer take.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll } from 'vitest';
import { newestApiVersion } from '../../../main/engine/base/docker/version';
import { engineAnsweringAs } from './proxy';
import { containerdStore, ownDaemon } from './ownDaemon';

const folder = mkdtempSync('/run/tare-test-docker29-');
const socket = `${folder}/docker.sock`;
const daemon = await ownDaemon({}, containerdStore);
const proxy = await engineAnsweringAs({
  socket: daemon.endpoint.replace('unix://', ''),
  version: newestApiVersion,
  oldest: '1.44',
  listen: socket,
});
process.env.DOCKER_HOST = `unix://${socket}`;

afterAll(async () => {
  await proxy.stop();
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
});
