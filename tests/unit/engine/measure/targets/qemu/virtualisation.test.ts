import { describe, expect, test } from 'vitest';
import { commandsForCheck } from '../../../../../../main/contract/words/remedies';
import {
  flagsOf,
  groupIn,
  remedyFor,
  type Virtualisation,
} from '../../../../../../main/engine/measure/targets/qemu/virtualisation';

const plain: Virtualisation = { flags: new Set(['fpu']), isLoaded: false, isRoot: false };
const virtual = { ...plain, flags: new Set(['fpu', 'hypervisor']) };
const amd = { ...plain, flags: new Set(['fpu', 'svm']) };

/** The remedy's name and the command to copy. */
function told(reason: string, here: Virtualisation) {
  const remedy = remedyFor(reason, here);
  if (!remedy) return undefined;
  const found = { key: `check.accelerator.${reason}`, facts: {} };
  const commands = commandsForCheck({ name: 'accelerator', standing: 'warning', found, remedy });
  return [remedy.key.replace('acceleration.', ''), ...commands];
}

describe('what helps', () => {
  test.runIf(process.arch === 'x64').each<[string, Virtualisation, string[]]>([
    ['no flag on a bare computer', plain, ['firmware']],
    ['no flag in a virtual machine', virtual, ['nested']],
    ['AMD without the module', amd, ['module', 'sudo modprobe kvm_amd']],
    [
      'Intel without the module',
      { ...plain, flags: new Set(['vmx']) },
      ['module', 'sudo modprobe kvm_intel'],
    ],
    ['the module is loaded', { ...amd, isLoaded: true }, ['container']],
  ])('where there is no /dev/kvm: %s', (_, here, expected) => expect(told('absent', here)).toEqual(expected));

  test.each<[string, Virtualisation, string[]]>([
    ['root, as in a container', { ...amd, isRoot: true }, ['container']],
    ['nobody but root may', amd, ['owner', 'sudo chown $USER /dev/kvm']],
    [
      'a group may',
      { ...amd, group: { name: 'virt', hasUser: false } },
      ['group', 'sudo usermod -aG virt $USER'],
    ],
    ['a group that was joined after login', { ...amd, group: { name: 'kvm', hasUser: true } }, ['login']],
  ])('where it may not be opened: %s', (_, here, expected) => expect(told('denied', here)).toEqual(expected));

  test('where it opens and boots nothing, or too slowly', () => {
    expect(told('failed', amd)?.[0]).toBe('broken');
    expect(told('failed', virtual)?.[0]).toBe('broken-nested');
    expect(told('silent', virtual)).toEqual(['slow', 'tare --accelerator kvm run quick']);
  });

  test('nothing, where it works or somebody chose', () => {
    for (const reason of ['works', 'forced', 'none-known']) expect(told(reason, plain)).toBeUndefined();
  });
});

test('reads flags of the first processor, and none where there are none', () => {
  expect([...flagsOf('processor\t: 0\nflags\t\t: fpu svm\n\nprocessor\t: 1\nflags\t\t: fpu vmx\n')]).toEqual([
    'fpu',
    'svm',
  ]);
  expect(flagsOf('Features : fp asimd').has('vmx')).toBe(false);
});

test('finds a group by its number, and whether a user was put into it', () => {
  const file = 'root:x:0:\nkvm:x:104:ann,bob\nanna:x:1000:\n';
  expect(groupIn(file, 104, 'ann')).toEqual({ name: 'kvm', hasUser: true });
  expect(groupIn(file, 104, 'anna')).toEqual({ name: 'kvm', hasUser: false });
  expect(groupIn(file, 7, 'ann')).toBeUndefined();
});
