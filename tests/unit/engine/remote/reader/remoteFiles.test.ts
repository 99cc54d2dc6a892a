import { expect, test } from 'vitest';
import type { HostFiles } from '../../../../../main/engine/base/process/hostFiles';
import { processes } from '../../../../../main/engine/base/process/proc';
import type { Answer, Request } from '../../../../../main/engine/remote/reader/protocol';
import { lookThrough } from '../../../../../main/engine/remote/reader/remoteFiles';

const far: Record<string, string> = {
  'folders /proc': '1\n20\nsys\n',
  'read /proc/1/cmdline': 'init\0',
  'read /proc/20/cmdline': 'httpd\0-f\0',
};

/** A machine of these files, and how often it was asked for what. */
function machine(files = far) {
  const asked: string[] = [];
  const ask = ({ kind, path }: Request): Promise<Answer> => {
    asked.push(`${kind} ${path}`);
    const content = files[`${kind} ${path}`];
    return Promise.resolve(content === undefined ? { error: 'ENOENT' } : { content });
  };
  return { ask, asked };
}

test('code that reads this machine reads another one, each file once', async () => {
  const { ask, asked } = machine();
  const found = await lookThrough(ask, (files) => processes(files));
  expect(found).toEqual([
    { pid: 1, words: ['init'] },
    { pid: 20, words: ['httpd', '-f'] },
  ]);
  expect(asked).toEqual(['folders /proc', 'read /proc/1/cmdline', 'read /proc/20/cmdline']);
});

test('what was read the last time is asked for at once', async () => {
  const { ask, asked } = machine();
  const usual = new Set<string>();
  let passes = 0;
  const look = () => lookThrough(ask, (files) => (passes++, processes(files)), usual);
  await look();
  expect(passes).toBe(3);
  await look();
  expect(passes).toBe(4);
  expect(asked.length).toBe(6);
});

test('a file that is not there fails as it does here', async () => {
  const { ask } = machine();
  await expect(lookThrough(ask, (files) => files.read('/proc/3/stat'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

test('work that fails for want of a file is done again, and its own failure is told in the end', async () => {
  const { ask } = machine();
  const work = (files: HostFiles) => {
    const content = files.read('/proc/1/cmdline');
    throw new RangeError(content);
  };
  await expect(lookThrough(ask, work)).rejects.toThrow(new RangeError('init\0'));
});

test('work that never has enough is given up', async () => {
  const ask = () => Promise.resolve({ content: 'more' });
  let n = 0;
  await expect(lookThrough(ask, (files) => files.read(`/proc/${n++}/stat`))).rejects.toMatchObject({
    code: 'ELOOP',
  });
});
