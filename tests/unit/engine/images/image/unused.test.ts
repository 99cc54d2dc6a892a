import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { removeUnused, unusedImages } from '../../../../../main/engine/images/image/unused';

const [older, newer, newest] = ['0123456789ab', '123456789abc', '23456789abcd'];
const images: { Id: string; RepoTags: string[] | null; Created: number }[] = [
  { Id: 'current', RepoTags: [`tare/web:${newest}`], Created: 9 },
  { Id: 'older', RepoTags: [`tare/web:${newer}`], Created: 5 },
  { Id: 'oldest, used', RepoTags: [`tare/web:${older}`], Created: 1 },
  { Id: 'of a folder', RepoTags: [`tare/folder-shop:${older}`], Created: 8 },
  { Id: 'also named by a person', RepoTags: [`tare/folder-app:${older}`, 'shop:1'], Created: 8 },
  { Id: 'older, also named by a person', RepoTags: [`tare/web:${older}`, 'mine:1'], Created: 2 },
  { Id: 'a person’s own in that namespace', RepoTags: ['tare/web:latest'], Created: 1 },
  { Id: 'somebody else’s', RepoTags: [`example/tare/web:${older}`], Created: 1 },
  { Id: 'without a name', RepoTags: null, Created: 1 },
  { Id: 'on Podman, older', RepoTags: [`localhost/tare/web:${older}`], Created: 3 },
];

const docker = (asked: string[] = [], status?: number) =>
  ({
    listImages: () => Promise.resolve(images),
    listContainers: ({ all }: { all: boolean }) => Promise.resolve(all ? [{ ImageID: 'oldest, used' }] : []),
    getImage: (name: string) => ({
      remove: () => {
        asked.push(name);
        return status === undefined
          ? Promise.resolve()
          : Promise.reject(Object.assign(new Error('refused'), { statusCode: status }));
      },
    }),
  }) as unknown as Docker;

test('what Tare built and nothing needs is found, and nothing else', async () => {
  expect((await unusedImages(docker())).map(({ id }) => id)).toEqual([
    'of a folder',
    'older',
    'on Podman, older',
  ]);
});

test('it is removed by its names, without force', async () => {
  const asked: string[] = [];
  const image = { id: 'a', names: ['tare/a:1', 'tare/b:1'] };
  expect(await removeUnused(docker(asked), image)).toBe(true);
  expect(asked).toEqual(image.names);
});

test.each([
  [409, false],
  [404, true],
])('an answer %i: is it gone? %s', async (status, gone) => {
  expect(await removeUnused(docker([], status), { id: 'a', names: ['tare/a:1'] })).toBe(gone);
});

test('another refusal is told', async () => {
  await expect(removeUnused(docker([], 500), { id: 'a', names: ['tare/a:1'] })).rejects.toMatchObject({
    failure: { code: 'docker-refused', status: 500 },
  });
});
