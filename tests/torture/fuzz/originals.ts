/** Good inputs, of which edited ones are made. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pack } from 'tar-stream';
import { fakeReportedRun, fakeRun } from '../../support/fakes/fakeRun';

export const run = fakeReportedRun({ preset: 'quick' });
export const plan = { ...fakeRun({ preset: 'services' }).plan };

export const compose = {
  name: 'shop',
  services: {
    web: {
      image: 'nginx:1',
      depends_on: { db: { condition: 'service_healthy', required: true } },
      ports: [{ target: 80, protocol: 'tcp' }],
      environment: { A: '1' },
      deploy: { replicas: 1, resources: { limits: { cpus: '1', memory: '268435456' } } },
    },
    db: { image: 'postgres:16', healthcheck: { test: ['CMD', 'pg_isready', '-U', 'x'] }, expose: [5432] },
  },
};

const owner = { owner: process.pid, startTicks: 1, bootId: 'x' };
export const ledger = [
  owner,
  { id: 1, kind: 'container', name: 'tare-x-1' },
  { id: 2, work: { kind: 'run', startedAt: '' } },
  { gone: 1 },
];

export const qmp = [
  { QMP: { version: { qemu: { major: 10, minor: 0, micro: 3 } }, capabilities: [] } },
  { return: {}, id: 1 },
  { event: 'STOP', data: {}, timestamp: { seconds: 1, microseconds: 2 } },
  { error: { class: 'GenericError', desc: 'no' }, id: 2 },
];

async function tarOf(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'etc/', type: 'directory' });
  archive.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\n');
  archive.entry({ name: 'etc/group' }, 'root:x:0:\n');
  archive.entry({ name: `${'deep/'.repeat(60)}file` }, 'x');
  archive.entry({ name: 'link', type: 'symlink', linkname: '../../etc/passwd' });
  archive.entry({ name: 'hard', type: 'link', linkname: 'etc/passwd' });
  archive.entry({ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 });
  archive.entry({ name: 'pax', pax: { 'SCHILY.xattr.user.x': 'y' } }, 'z');
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
export const tar = await tarOf();

export const ndjson = Buffer.from(
  [{ status: 'a', id: 'é' }, { aux: { ID: 'x' } }, { error: 'no' }]
    .map((one) => JSON.stringify(one))
    .join('\n'),
);
export const marks = Buffer.from(
  'kernel\r\ninit\nnetwork\nexec\nmeminfo MemTotal=1000 MemFree=10\nexit status 3\nexit signal 9\nrefused no-user a b\n',
);
export const trace = Buffer.from('fw_cfg_select 0x19\n1@2.3:fw_cfg_select x\nqemu: error\n');
export const frame = Buffer.concat([
  Buffer.from([0, 0, 0, 1]),
  Buffer.from('d'),
  Buffer.from([0, 0, 3]),
  Buffer.from('abc'),
]);
export const solved = JSON.stringify({
  vertexes: [{ digest: 'sha256:1', name: '[1/2] FROM x', started: '2026-01-01T00:00:00Z' }],
});
const fixture = (name: string): string =>
  readFileSync(path.resolve(import.meta.dirname, '../../fixtures', name), 'utf8');
export const mountinfo = fixture('cgroup/v1/mountinfo');
export const membership = fixture('cgroup/v1/proc-pid-cgroup');
export const smaps = `55d0-55e0 r--p 00000000 fe:00 123 /bin/a b\nSize: 64 kB\nRss: 4 kB\nPss: 2 kB\nShared_Clean: 1 kB\nAnonHugePages: 0 kB\nVmFlags: rd mr\n`;
export const dockerfile = fixture('dockerfiles/heredocs.Dockerfile');
