import { expect, it } from 'vitest';
import { fullArguments } from '../../../../../../main/engine/targets/qemu/full/arguments';
import { applicationUnit } from '../../../../../../main/engine/targets/qemu/full/unit';
import { parseMark } from '../../../../../../main/engine/guest/protocol';
import type { ImageFacts } from '../../../../../../main/engine/image/facts';

const image: ImageFacts = {
  reference: 'app:1',
  digest: 'sha256:0',
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

it('attaches three disks in the order in which the guest looks for them, and never writes to any', () => {
  const files = { system: '/c/sys,tem.img', image: '/c/a.erofs', unit: '/c/b.unit' };
  const vm = {
    ...files,
    memoryBytes: 512e6,
    cpus: 1.5,
    guestPort: 80,
    hostPort: 99,
    accelerator: 'tcg' as const,
  };
  const words = fullArguments(vm, { kind: 'terminal' });
  const drives = words.filter((word) => word.startsWith('if=none'));
  expect(drives).toEqual([
    'if=none,id=system,format=raw,snapshot=on,file=/c/sys,,tem.img',
    'if=none,id=image,format=raw,read-only=on,file=/c/a.erofs',
    'if=none,id=unit,format=raw,read-only=on,file=/c/b.unit',
  ]);
  expect(words.join(' ')).toContain('-m 489M -smp 2');
  expect(words.join(' ')).not.toMatch(/-kernel|-append|-initrd/);
});

it('reads marks as consoles and boot loaders write them', () => {
  expect(parseMark('\rfirmware')).toEqual({ kind: 'firmware' });
  expect(parseMark('kernel\r')).toEqual({ kind: 'kernel' });
  expect(parseMark("\u001b[H  Booting `Debian'")).toBeUndefined();
});
