import { describe, expect, it, test } from 'vitest';
import {
  byPlace,
  describeTarget,
  limitsOn,
  spokenOf,
  TargetId,
  withoutRepeat,
} from '../../../main/contract/targets';

const isTarget = (id: string): boolean => TargetId.safeParse(id).success;

describe('a tuned target', () => {
  it.each([
    'vm:direct+kernel=minimal',
    'vm:direct+entry=bzimage+firmware=qboot',
    'vm:micro+disk=ext4',
    'vm:micro+cpus=8+memory=64M',
    'vm:micro+memory=8G#2',
    'vm:micro+pages=huge',
    'vm:direct+pages=huge',
    'vm:snapshot+state=copied#2',
    'vm:full+reporting=on',
    'vm:direct+reporting=on',
    'vm:direct+hotplug=virtio-mem+reporting=on#2',
  ])('%s is a target', (id) => {
    expect(isTarget(id)).toBe(true);
  });

  it.each([
    'vm:micro+disk=zip',
    'vm:micro+kernel=minimal', // it has that one already
    'vm:snapshot+cpus=2',
    'vm:snapshot+state=mapped', // it is so
    'vm:micro+reporting=on', // it does
    'vm:direct+reporting=off',
    'vm:micro+hotplug=virtio-mem', // it has no PCI
    'vm:direct+hotplug=virtio',
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

  it('is its entry of the table and what was changed', () => {
    expect(describeTarget('vm:micro+cpus=2+disk=ext4#2')).toMatchObject({
      entry: { id: 'vm:micro' },
      isRepeat: true,
      tuning: [
        { name: 'cpus', value: '2' },
        { name: 'disk', value: 'ext4' },
      ],
    });
    expect(withoutRepeat('vm:micro+cpus=2#2')).toBe('vm:micro+cpus=2');
  });

  it('has limits of its own only where its tuning says so', () => {
    const limits = { memoryBytes: 1, cpus: 1 };
    expect(limitsOn('vm:micro+disk=ext4', limits)).toEqual(limits);
    expect(limitsOn('vm:micro+cpus=4+memory=64M', limits)).toEqual({ memoryBytes: 64 * 1024 ** 2, cpus: 4 });
    expect(limitsOn('container', limits)).toEqual(limits);
  });
});

test('a runtime of the engine is part of the id, and the table knows its kind', () => {
  expect(describeTarget('container:crun')).toMatchObject({ entry: { id: 'container' }, runtime: 'crun' });
  expect(isTarget('container:crun#2')).toBe(true);
  expect(isTarget('process#2')).toBe(false);
  expect(describeTarget('unikernel')).toBeUndefined();
});

test('targets sort from the thinnest packaging to the thickest, other runtimes after the default one', () => {
  const given = ['vm:full', 'container:runsc', 'vm:micro+cpus=2', 'container:crun', 'container', 'process'];
  expect([...given].sort(byPlace)).toEqual([
    'process',
    'container',
    'container:runsc',
    'container:crun',
    'vm:micro+cpus=2',
    'vm:full',
  ]);
});

test('a sentence speaks of the usual VM, else of one as it is, else of what there is beside the first', () => {
  const spoken = (...others: string[]) => spokenOf(others.map((target) => ({ target })))?.target;
  expect(spoken('process', 'vm:micro', 'vm:direct')).toBe('vm:direct');
  expect(spoken('process', 'vm:micro+cpus=2', 'vm:full')).toBe('vm:full');
  expect(spoken('process', 'vm:micro+cpus=2')).toBe('vm:micro+cpus=2');
  expect(spoken('container:crun')).toBe('container:crun');
  expect(spoken()).toBeUndefined();
});
