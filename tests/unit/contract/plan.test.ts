import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameAfter, Plan, Workload } from '../../../main/contract/plan';

test.each([
  ['nginx', 'nginx'],
  ['nginx:1.27', 'nginx'],
  ['registry:5000/a/b:1.2@sha256:00', 'b'],
  ['localhost/_odd+name', 'odd-name'],
  ['sha256:0123', 'sha256'],
  ['/home/me/my app/', 'my-app'],
  ['C:\\work\\shop', 'shop'],
  ['/', ''],
])('the workload of %s is called %j', (source, name) => expect(nameAfter(source)).toBe(name));

test('whatever a workload is made from, what it is called after it is a name or nothing, with room for a number', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (source) => {
      const name = nameAfter(source);
      expect(name === '' || Workload.shape.name.safeParse(`${name}-99`).success).toBe(true);
    }),
  );
});

describe('workloads that need each other', () => {
  const one = (name: string, after: string[] = []) => ({
    name,
    image: { kind: 'builtin' as const, name: 'web' as const },
    limits: { memoryBytes: 2 ** 26 },
    after: after.map((workload) => ({ workload, until: 'ready' as const })),
  });
  const base = { name: 'x', targets: ['container'], trials: 1, arrangement: 'together', sharedNetwork: true };
  const problemsOf = (plan: object) =>
    Plan.safeParse({ ...base, ...plan }).error?.issues.map(({ message }) => message);

  test('stand after what they need, so that there is no circle', () => {
    expect(problemsOf({ workloads: [one('a'), one('b', ['a'])] })).toBeUndefined();
    for (const workloads of [[one('b', ['a']), one('a')], [one('a', ['a'])], [one('a', ['none'])]])
      expect(problemsOf({ workloads })).toEqual(['after-none']);
  });

  test('are run in no other way than together', () => {
    const workloads = [one('a'), one('b', ['a'])];
    for (const other of [{ arrangement: 'alone' }, { lifecycle: true }, { density: { most: 2 } }])
      expect(problemsOf({ workloads, ...other })).toEqual(['not-by-itself']);
  });
});

describe('a disk of one’s own', () => {
  const image = { kind: 'reference', reference: 'nginx' };
  const disk = { file: '/srv/shop.qcow2' };
  const problemsOf = (workload: object, targets: string[], more: object = {}) =>
    Plan.safeParse({
      ...{ name: 'x', targets, trials: 1, ...more },
      workloads: [{ name: 'shop', limits: { memoryBytes: 2 ** 29 }, ...workload }],
    }).error?.issues.map(({ message }) => message);

  test('runs alone or beside the image, and is waited for as long as a system takes', () => {
    expect(problemsOf({ disk, port: 80 }, ['vm:image'])).toBeUndefined();
    expect(problemsOf({ disk, image }, ['container', 'vm:image'])).toBeUndefined();
    const { readyTimeoutMs } = Plan.parse({
      ...{ name: 'x', targets: ['vm:image'], trials: 1 },
      workloads: [{ name: 'shop', limits: { memoryBytes: 2 ** 29 }, disk, port: 80 }],
    });
    expect(readyTimeoutMs).toBe(600_000);
  });

  test('says no port by itself', () => {
    expect(problemsOf({ disk }, ['vm:image'])).toEqual(['disk-without-port']);
  });

  test('is refused on what runs an image, and an image on what runs a disk, unless it is not for that target', () => {
    expect(problemsOf({ disk, port: 80 }, ['container', 'vm:image'])).toEqual(['target-needs-image']);
    expect(problemsOf({ image }, ['container', 'vm:image'])).toEqual(['target-needs-disk']);
    expect(problemsOf({ image, targets: ['container'] }, ['container', 'vm:image'])).toBeUndefined();
    expect(problemsOf({ port: 80 }, ['vm:image'])).toContain('neither-image-nor-disk');
  });
});
