import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wayTo } from '../../../../../main/engine/remote/reader/wayTo';

let folder: string;
const before = process.env.PATH;
/** Stands for ssh, whose configuration knows `near` and `far`. */
const ssh = `#!/bin/sh
[ "$1" = -G ] || exit 1
case "$*" in
  *near) printf 'user me\\nhostname 127.0.0.1\\nport 2222\\n' ;;
  *far) printf 'hostname far.example\\nport 22\\n' ;;
  *) exit 255 ;;
esac
`;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ssh-'));
  writeFileSync(path.join(folder, 'ssh'), ssh);
  chmodSync(path.join(folder, 'ssh'), 0o755);
  process.env.PATH = `${folder}:${before}`;
});
afterAll(() => {
  process.env.PATH = before;
  rmSync(folder, { recursive: true });
});

test.each([
  ['ssh://near', '2222'], // a name of ssh's configuration
  ['ssh://me@near', '2222'],
  ['tcp://127.0.0.1:2376', '2376'],
  ['127.0.0.1:2375', '2375'],
  ['https://localhost:2376', '2376'],
  ['tcp://[::1]:2376', '2376'],
])('%s leads to port %s of this computer', async (endpoint, port) => {
  expect(await wayTo(endpoint)).toEqual({ by: 'port', port });
});

test.each(['ssh://far', 'ssh://unknown', 'tcp://far.example:2376', 'far.example:2375'])(
  '%s leads to another computer',
  async (endpoint) => {
    expect(await wayTo(endpoint)).toEqual({ by: 'other-computer' });
  },
);

test.each(['unix:///run/docker.sock', 'npipe:////./pipe/docker_engine'])(
  '%s is a socket',
  async (endpoint) => {
    expect(await wayTo(endpoint)).toEqual({ by: 'socket' });
  },
);
