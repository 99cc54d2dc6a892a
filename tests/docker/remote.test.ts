import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDocker } from '../../main/engine/base/docker/client';

let folder: string;
const before = process.env.PATH;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ssh-'));
  process.env.PATH = `${folder}:${before}`;
});
afterEach(() => {
  process.env.PATH = before;
  rmSync(folder, { recursive: true });
});

/** Stands for ssh: notes how it was called and runs the rest of its command line here. */
function ssh(script: string) {
  writeFileSync(path.join(folder, 'ssh'), `#!/bin/sh\necho "$*" >>${folder}/called\n${script}\n`);
  chmodSync(path.join(folder, 'ssh'), 0o755);
}

test('an engine behind ssh is reached through `docker system dial-stdio` there', async () => {
  ssh('while [ "$1" != docker ]; do shift; done; exec "$@"');
  const endpoint = 'ssh://me@far.example:2222';
  const client = await openDocker({ environment: { DOCKER_HOST: endpoint } });
  expect(client).toMatchObject({ endpoint, name: 'Docker', os: 'linux' });
  const images = await client.docker.listImages();
  expect(Array.isArray(images)).toBe(true);
  const called = readFileSync(path.join(folder, 'called'), 'utf8');
  expect(called).toContain('-p 2222 -l me -- far.example docker system dial-stdio');
});

test('what ssh complains about is the reason', async () => {
  ssh('echo "Permission denied (publickey)." >&2; exit 255');
  await expect(openDocker({ environment: { DOCKER_HOST: 'ssh://far.example' } })).rejects.toMatchObject({
    failure: {
      code: 'docker-unreachable',
      tried: [
        { source: 'DOCKER_HOST', endpoint: 'ssh://far.example', reason: 'Permission denied (publickey).' },
      ],
    },
  });
});
