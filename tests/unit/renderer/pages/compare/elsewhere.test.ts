import { expect, it } from 'vitest';
import { memoryShort } from '../../../../../main/contract/planning';
import { elsewhere } from '../../../../../renderer/pages/compare/hosts/elsewhere';
import { fakeRecord, healthy } from '../../../../support/fakes/fakeAnswers';

it('nothing that this computer lacks stands in the way of a plan for others', () => {
  const why = { code: 'tool-missing', program: 'qemu', package: 'qemu-system-x86' } as const;
  const poor = {
    ...healthy,
    targets: [
      { id: 'container', available: true },
      { id: 'vm:direct', available: false, why },
    ],
    free: { memoryBytes: 1 },
  };
  const told = elsewhere(poor);
  expect(told.targets).toEqual([
    { id: 'container', available: true },
    { id: 'vm:direct', available: true },
  ]);
  const { plan } = fakeRecord();
  expect(memoryShort(plan, poor.free.memoryBytes)).toBeDefined();
  expect(memoryShort(plan, told.free.memoryBytes)).toBeUndefined();
});
