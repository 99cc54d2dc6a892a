import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { needPlainAccounts } from '../../../../../../main/engine/measure/targets/docker/accountFiles';
import { openScope } from '../../../../../qemu/machines';

const [plain, folder, pipe, device, link] = [
  0o644,
  2 ** 31 + 0o755,
  2 ** 25 + 0o644,
  2 ** 26 + 0o666,
  2 ** 27,
];

/** An engine whose containers hold these files; one that is not among them is not there. */
function engineWith(files: Record<string, { mode: number; linkTarget?: string }>) {
  const removed: string[] = [];
  const looked: string[] = [];
  const refused = Object.assign(new Error('no such file'), { statusCode: 404 });
  const container = {
    id: 'c',
    infoArchive: ({ path }: { path: string }) => {
      const stat = files[path];
      if (!stat) return Promise.reject(refused);
      const told = Buffer.from(JSON.stringify({ name: 'x', linkTarget: '', ...stat })).toString('base64');
      return Promise.resolve(
        Object.assign(new PassThrough(), { headers: { 'x-docker-container-path-stat': told } }),
      );
    },
    remove: () => Promise.resolve(void removed.push('c')),
    inspect: () => Promise.reject(refused),
  };
  const docker = {
    createContainer({ Image }: { Image: string }) {
      looked.push(Image);
      return Promise.resolve(container);
    },
    getContainer: () => container,
  } as unknown as Docker;
  return { docker, removed, looked };
}

async function check(files: Parameters<typeof engineWith>[0]): Promise<unknown> {
  const { docker, removed } = engineWith(files);
  const scope = openScope();
  try {
    return await needPlainAccounts(docker, 'sha256:0', scope).then(
      () => 'fine',
      (error: { failure: unknown }) => error.failure,
    );
  } finally {
    expect(removed).toEqual(['c']);
    scope.close();
  }
}

const refusal = (file: string) => ({ code: 'guest-refused', reason: `account-file: ${file}`, output: '' });

it.each([
  ['files', { '/etc/passwd': { mode: plain }, '/etc/group': { mode: plain } }],
  ['none', {}],
  ['a folder', { '/etc/passwd': { mode: folder } }],
  ['a link that leads nowhere', { '/etc/passwd': { mode: link, linkTarget: '/none' } }],
  ['a link to itself', { '/etc/passwd': { mode: link, linkTarget: 'passwd' } }],
])('lets an image be started whose account files are %s', async (_, files) => {
  expect(await check(files)).toBe('fine');
});

it.each([
  ['a pipe', { '/etc/passwd': { mode: pipe } }, '/etc/passwd'],
  ['a device', { '/etc/passwd': { mode: plain }, '/etc/group': { mode: device } }, '/etc/group'],
  [
    'a link to a pipe',
    { '/etc/passwd': { mode: link, linkTarget: '../run/p' }, '/run/p': { mode: pipe } },
    '/etc/passwd',
  ],
])('refuses one that would hold the engine for ever: %s', async (_, files, file) => {
  expect(await check(files)).toEqual(refusal(file));
});

it('looks once at an image for all that a run starts of it, and again in the next', async () => {
  const { docker, looked } = engineWith({ '/etc/passwd': { mode: plain } });
  const [run, next] = [openScope(), openScope()];
  await Promise.all([0, 0, 1].map((image) => needPlainAccounts(docker, `sha256:${image}`, run)));
  await needPlainAccounts(docker, 'sha256:0', run);
  expect(looked).toEqual(['sha256:0', 'sha256:1']);
  await needPlainAccounts(docker, 'sha256:0', next);
  expect(looked).toEqual(['sha256:0', 'sha256:1', 'sha256:0']);
  run.close();
  next.close();
});

it('looks again where it could not be told', async () => {
  const { docker, looked } = engineWith({ '/etc/passwd': { mode: pipe } });
  const run = openScope();
  const asked = () => needPlainAccounts(docker, 'sha256:0', run).catch(() => 'refused');
  expect([await asked(), await asked()]).toEqual(['refused', 'refused']);
  expect(looked).toHaveLength(2);
  run.close();
});
