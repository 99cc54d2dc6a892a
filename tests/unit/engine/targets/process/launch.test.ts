import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { expect, it } from 'vitest';
import { environmentLines, launchWords } from '../../../../../main/engine/targets/process/launch';
import type { ImageFacts } from '../../../../../main/engine/image/facts';

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
const setpriv = '/usr/bin/setpriv';
const launch = { image, account, setpriv, tree: '/cache/a tree', place: '/cache/place', privileged: true };

it('gives the image’s environment, and of the host’s only its name', () => {
  expect(environmentLines(launch).split('\n')).toEqual([
    "export PATH='/bin'",
    `export HOSTNAME='${os.hostname()}'`,
    "export A='2'",
    "export HOME='/home/x'",
    '',
  ]);
});

it('hands the environment’s values to a shell as they are, whatever they hold', () => {
  const value = 'it\'s 100 % "fine" $HOME `id` \\ \n$(id)\n';
  const lines = environmentLines({
    ...launch,
    image: { ...image, environment: [`V=${value}`, 'PATH=/', 'no.name=1'] },
  });
  expect(execFileSync('sh', ['-c', `${lines}printf %s "$V"`], { encoding: 'utf8' })).toBe(value);
  expect(lines).not.toContain('no.name');
});

it('says none of the environment, nor what this computer is called, in words that all can read', () => {
  const words = launchWords({ ...launch, image: { ...image, environment: ['SECRET=hunter2'] } }, 'tare-1');
  expect(words.join(' ')).not.toMatch(/hunter2|SECRET/);
  expect(words.filter((word) => word.split(/\s/).includes(os.hostname()))).toEqual([]);
});

it('passes every word of the command as it is', () => {
  expect(launchWords(launch, 'tare-1').slice(-4)).toEqual(['/', '/bin/app', '--say', "it's 100 % $HOME"]);
});

it('takes on the user and all its groups where Tare is root, and neither where it is not', () => {
  const asRoot = launchWords(launch, 'tare-1');
  expect(asRoot.slice(0, 3)).toEqual(['nsenter', '--user=/proc/self/fd/5', '--']);
  expect(asRoot).toEqual(expect.arrayContaining(['--reuid=5', '--regid=6', '--groups=6,7,8']));
  const asUser = launchWords({ ...launch, privileged: false }, 'tare-1').join(' ');
  expect(asUser).toContain('--user --map-root-user');
  expect(asUser).not.toMatch(/nsenter|--reuid|--groups/);
});

it('names the tree, so that a cache that is being cleared leaves it alone', () => {
  expect(launchWords(launch, 'tare-1')).toContain('/cache/a tree');
});
