import os from 'node:os';
import { expect, it } from 'vitest';
import { launchWords, settingsOf } from '../../../../../../main/engine/measure/targets/process/launch';
import type { ImageFacts } from '../../../../../../main/engine/images/image/facts';

const image: ImageFacts = {
  reference: 'app:1',
  digest: 'sha256:0',
  fingerprint: '0',
  bytes: 1,
  entrypoint: ['/bin/app'],
  command: ['--say', "it's 100 % $HOME"],
  environment: ['PATH=/bin', 'A=1', 'A=2', 'no-equals-sign'],
  workingDir: '',
  user: '',
  port: 80,
};
const account = { uid: 5, gid: 6, groups: [7, 8], home: '/home/x' };
const launch = {
  image,
  account,
  program: '/cache/kit/process',
  tree: '/cache/a tree',
  place: '/cache/place',
  privileged: true,
};
const settings = (changes: Partial<typeof launch> = {}) =>
  settingsOf({ ...launch, ...changes })
    .split('\0')
    .slice(0, -1);
const environment = (...entries: string[]) =>
  settings({ image: { ...image, environment: entries } }).filter((entry) => entry.startsWith('env='));

it('gives the image’s environment, and of the host’s only its name', () => {
  expect(settings().filter((entry) => entry.startsWith('env='))).toEqual([
    'env=PATH=/bin',
    `env=HOSTNAME=${os.hostname()}`,
    'env=A=2',
    'env=HOME=/home/x',
  ]);
});

it('hands values over as they are, whatever they hold, under whatever name', () => {
  const value = 'it\'s 100 % "fine" $HOME `id` \\ \n$(id)\n';
  expect(environment(`V=${value}`, 'no.name=1')).toEqual(
    expect.arrayContaining([`env=V=${value}`, 'env=no.name=1']),
  );
});

it('lets no value say more than itself', () => {
  expect(environment('A=1\0uid=0')).toContain('env=A=1uid=0');
});

it('says none of the environment, nor what this computer is called, in words that all can read', () => {
  const words = launchWords({ ...launch, image: { ...image, environment: ['SECRET=hunter2'] } }, 'tare-1');
  expect(words.join(' ')).not.toMatch(/hunter2|SECRET/);
  expect(words.filter((word) => word.split(/\s/).includes(os.hostname()))).toEqual([]);
});

it('passes every word of the command as it is', () => {
  expect(launchWords(launch, 'tare-1')).toEqual([
    ...['/cache/kit/process', 'tare-1', '/cache/a tree'],
    ...['/bin/app', '--say', "it's 100 % $HOME"],
  ]);
});

it('takes on the user and all its groups where Tare is root, and neither where it is not', () => {
  expect(settings().slice(0, 5)).toEqual(['cwd=/', 'names=', 'uid=5', 'gid=6', 'groups=6,7,8']);
  expect(settings({ privileged: false }).join()).not.toMatch(/[ug]id=|groups=/);
});

it('names the tree, so that a cache that is being cleared leaves it alone', () => {
  expect(launchWords(launch, 'tare-1')).toContain('/cache/a tree');
});
