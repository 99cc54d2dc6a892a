/** AppArmor and SELinux, as a folder that stands for the root of a system with them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../../../../main/contract/messages';
import { accessChecks } from '../../../../../main/engine/calls/doctor';
import { accessControl, accessDenied } from '../../../../../main/engine/base/process/accessControl';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'tare-mac-'));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const apparmor = {
  'sys/module/apparmor/parameters/enabled': 'Y\n',
  'sys/kernel/security/apparmor/profiles': 'docker-default (enforce)\nevince (complain)\n',
  'proc/self/attr/current': 'unconfined\n',
};
const selinux = {
  'sys/fs/selinux/enforce': '1',
  'proc/self/attr/current': 'unconfined_u:unconfined_r:unconfined_t:s0\0',
};

describe('the access control of a system', () => {
  it.each([
    ['AppArmor with enforced profiles', apparmor, { name: 'AppArmor', label: 'unconfined' }],
    [
      'AppArmor, seen from a container that it confines',
      { 'proc/self/attr/apparmor/current': 'docker-default (enforce)\n' },
      { name: 'AppArmor', label: 'docker-default (enforce)' },
    ],
    [
      'SELinux that enforces',
      selinux,
      { name: 'SELinux', label: 'unconfined_u:unconfined_r:unconfined_t:s0' },
    ],
    ['SELinux that only complains', { ...selinux, 'sys/fs/selinux/enforce': '0' }, undefined],
    [
      'AppArmor that only complains',
      { ...apparmor, 'sys/kernel/security/apparmor/profiles': 'evince (complain)\n' },
      undefined,
    ],
    ['a system without either', {}, undefined],
  ])('is found: %s', (_, files, expected) => {
    write(files);
    expect(accessControl(root)).toEqual(expected);
  });

  it('is a line of the doctor', () => {
    write(apparmor);
    expect(accessChecks(root)).toEqual([
      {
        name: 'access-control',
        standing: 'ok',
        found: { key: 'check.access-control.found', facts: { control: 'AppArmor', label: 'unconfined' } },
      },
    ]);
  });

  it('is no line where there is none', () => expect(accessChecks(root)).toEqual([]));
});

describe('a refused program', () => {
  const user = () => ({ root, uid: 4242, gids: [4242] });
  const opened =
    "qemu: -drive file=/cache/root.erofs: Could not open '/cache/my disks/root.erofs': Permission denied";
  const withDisk = (mode: number, folderMode = 0o755) => {
    write({ 'cache/my disks/root.erofs': '' });
    chmodSync(path.join(root, 'cache/my disks/root.erofs'), mode);
    chmodSync(path.join(root, 'cache/my disks'), folderMode);
  };

  it('is told as access control’s when the modes allow what it wanted', () => {
    write(apparmor);
    withDisk(0o644);
    const failure = accessDenied('QEMU', opened, user());
    expect(failure).toEqual({
      code: 'access-denied',
      program: 'QEMU',
      control: 'AppArmor',
      label: 'unconfined',
      output: opened,
    });
    const { what, remedy } = explain('en', failure!);
    expect(what).toContain('AppArmor');
    expect(remedy).toContain('journalctl -k | grep -i -e denied -e apparmor');
    expect(explain('zh-CN', failure!).remedy).toContain('ausearch -m avc');
  });

  it.each([
    ['its file is not readable', 0o600, 0o755],
    ['a folder above it may not be passed', 0o644, 0o700],
  ])('is not when %s by its mode', (_, mode, folderMode) => {
    write(selinux);
    withDisk(mode, folderMode);
    expect(accessDenied('QEMU', opened, user())).toBeUndefined();
    expect(accessDenied('QEMU', opened, { ...user(), uid: 0 })).toMatchObject({ control: 'SELinux' }); // root passes all modes
  });

  it('is not when no access control enforces anything, or it says nothing of a refusal', () => {
    withDisk(0o644);
    expect(accessDenied('QEMU', opened, user())).toBeUndefined();
    write(apparmor);
    expect(accessDenied('QEMU', 'qemu: no such machine', user())).toBeUndefined();
  });

  it('is told in the language that the program speaks', () => {
    write(apparmor);
    expect(accessDenied('mkfs.erofs', 'mkfs.erofs: 权限不够', user())).toMatchObject({
      program: 'mkfs.erofs',
    });
  });

  const withPowers = { 'proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\n' };
  const without = { 'proc/self/status': 'Name:\tnode\nCapEff:\t00000000a80425fb\n' };
  const ubuntu = { 'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' };
  const notPermitted = 'unshare: unshare failed: Operation not permitted';

  it.each([
    ['that lacks the capability', without, notPermitted, false],
    ['that has the capability', withPowers, notPermitted, true],
    ['whose own namespaces AppArmor restricts', { ...without, ...ubuntu }, notPermitted, true],
    ['whose mount says EACCES in its own words', without, 'mount: /p: cannot mount tare read-only.', true],
    ['whose busybox says EACCES', without, 'mount: mounting tare on /p failed: Permission denied', true],
    ['whose busybox needs more powers', without, 'mount: permission denied (are you root?)', false],
    ['whose mount needs more powers', without, 'mount: /p: must be superuser to use mount.', false],
  ])('may be one %s', (_, files, said, expected) => {
    write({ ...apparmor, ...files });
    expect(accessDenied('program', said, user()) !== undefined).toBe(expected);
  });
});
