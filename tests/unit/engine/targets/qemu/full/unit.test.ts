import { expect, it } from 'vitest';
import { applicationUnit } from '../../../../../../main/engine/targets/qemu/full/unit';
import type { ImageFacts } from '../../../../../../main/engine/image/facts';

const image: ImageFacts = {
  reference: 'app:1',
  digest: 'sha256:0',
  fingerprint: '0',
  bytes: 1,
  entrypoint: ['app'],
  command: ['--say', 'it\'s 100 % of "$HOME"\n\\o/'],
  environment: ['PATH=/bin:relative:/usr/bin', 'GREETING=5 % $x', 'LANG=C'],
  workingDir: '/srv/50%',
  user: '',
  port: 80,
};
const account = { uid: 5, gid: 6, groups: [7, 8], home: '/home/x' };
const lines = (changes: Partial<ImageFacts> = {}, groups = account.groups) =>
  applicationUnit({ ...image, ...changes }, { ...account, groups }, 'web').split('\n');

it('makes a unit that runs the command word by word, whatever systemd would expand', () => {
  expect(lines()).toContain('ExecStart="app" "--say" "it\'s 100 %% of \\"$$HOME\\"\\n\\\\o/"');
});

it('gives it the image’s environment, user, groups and folder, and takes away what systemd adds', () => {
  const unit = lines();
  expect(unit).toEqual(
    expect.arrayContaining([
      'ExecSearchPath=/bin:/usr/bin',
      'WorkingDirectory=/srv/50%%',
      'User=5',
      'Group=6',
      'SupplementaryGroups=7 8',
      'Environment="GREETING=5 %% $x"',
      'Environment="HOME=/home/x"',
      'Environment="LANG=C"',
    ]),
  );
  expect(unit.find((line) => line.startsWith('UnsetEnvironment='))).toMatch(
    /\bINVOCATION_ID\b(?!.*\bLANG\b)/,
  );
  expect(lines({}, []).join()).not.toContain('SupplementaryGroups');
});
