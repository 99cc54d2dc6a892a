import { describe, expect, it } from 'vitest';
import { limitsOn, variantOf } from '../../../main/contract/levers';
import { kindOf, TargetId } from '../../../main/contract/plan';

const isTarget = (id: string): boolean => TargetId.safeParse(id).success;

describe('a target with levers', () => {
  it.each([
    'vm:direct+kernel=minimal',
    'vm:direct+entry=bzimage+firmware=qboot',
    'vm:micro+disk=ext4',
    'vm:micro+cpus=8+memory=64M',
    'vm:micro+memory=8G#2',
  ])('%s is a target', (id) => {
    expect(isTarget(id)).toBe(true);
  });

  it.each([
    'vm:micro+disk=zip',
    'vm:micro+kernel=minimal', // it has that one already
    'vm:snapshot+cpus=2',
    'vm:full+console=off',
    'container+memory=64M',
    'vm:micro+cpus=3',
    'vm:micro+memory=63M',
    'vm:micro+memory=9G',
    'vm:micro+disk=ext4+disk=squashfs',
    'vm:micro+',
    'vm:micro+disk',
  ])('%s is none', (id) => {
    expect(isTarget(id)).toBe(false);
  });

  it('is its rung and what was changed', () => {
    expect(variantOf('vm:micro+cpus=2+disk=ext4#2')).toEqual({
      rung: 'vm:micro',
      levers: [
        { name: 'cpus', value: '2' },
        { name: 'disk', value: 'ext4' },
      ],
    });
    expect(kindOf('vm:micro+cpus=2#2')).toBe('vm:micro+cpus=2');
  });

  it('has limits of its own only where a lever says so', () => {
    const limits = { memoryBytes: 1, cpus: 1 };
    expect(limitsOn('vm:micro+disk=ext4', limits)).toEqual(limits);
    expect(limitsOn('vm:micro+cpus=4+memory=64M', limits)).toEqual({ memoryBytes: 64 * 1024 ** 2, cpus: 4 });
    expect(limitsOn('container', limits)).toEqual(limits);
  });
});
