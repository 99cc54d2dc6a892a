import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameAfter, Workload } from '../../../main/contract/plan';

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
