import os from 'node:os';
import { expect, it } from 'vitest';
import { launchWords } from '../../../../../main/engine/targets/process/launch';
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
const launch = { image, account, tree: '/cache/a tree', place: '/cache/place', privileged: true };

it('gives the image’s environment, and of the host’s only its name', () => {
  const words = launchWords(launch, 'tare-1');
  const environment = words.slice(words.indexOf('-i') + 1, words.lastIndexOf('sh') - 1);
  expect(environment.filter((entry) => !entry.startsWith('HOSTNAME='))).toEqual([
    'PATH=/bin',
    'A=2',
    'HOME=/home/x',
  ]);
  expect(environment).toContain(`HOSTNAME=${os.hostname()}`);
});

it('passes every word of the command as it is', () => {
  expect(launchWords(launch, 'tare-1').slice(-4)).toEqual(['/', '/bin/app', '--say', "it's 100 % $HOME"]);
});

it('takes on the user and all its groups as root, and neither in a user namespace', () => {
  const asRoot = launchWords(launch, 'tare-1');
  expect(asRoot).toContain('--userspec=+5:+6');
  expect(asRoot).toContain('--groups=+6,+7,+8');
  expect(asRoot).not.toContain('--user');
  const asUser = launchWords({ ...launch, privileged: false }, 'tare-1').join(' ');
  expect(asUser).toContain('--user --map-root-user');
  expect(asUser).not.toMatch(/--userspec|--groups/);
});
