import fc from 'fast-check';
import type { Answer } from '../../../main/contract/report/report';

const MiB = 2 ** 20;

/** An answer with all that a picture can show: a first instance that takes more, an emulated VM, a shared kernel. */
export const anAnswer: Answer = {
  text: { key: 'A VM needs 20 × the memory of a container: 219 MiB, not 11 MiB.', facts: {} },
  doubts: [],
  rows: [
    {
      id: 'memory',
      unit: 'bytes',
      sureness: { key: 'sure: 19 – 21 ×', facts: {} },
      sides: [
        {
          target: 'container',
          value: 11.1 * MiB,
          points: [11 * MiB, 11.1 * MiB, 11.5 * MiB],
          first: 22 * MiB,
        },
        {
          target: 'vm:direct',
          value: 219 * MiB,
          interval: { low: 200 * MiB, high: 238 * MiB },
          points: [214 * MiB, 219 * MiB, 228 * MiB],
          against: { ratio: 20.1, interval: { low: 19, high: 21 }, judgement: 'differs' },
        },
      ],
    },
    {
      id: 'start-up',
      unit: 'ms',
      sides: [
        { target: 'container', value: 922, points: [900, 922, 1000] },
        {
          target: 'vm:direct',
          value: 11_400,
          emulated: true,
          against: { ratio: 12.4, judgement: 'differs' },
        },
      ],
    },
    {
      id: 'disk',
      unit: 'bytes',
      sides: [
        { target: 'container', value: 1.93 * MiB },
        {
          target: 'vm:direct',
          value: 1.94 * MiB,
          shared: { label: { key: 'kernel and initrd', facts: {} }, value: 57 * MiB },
          against: { ratio: 1.01, judgement: 'same' },
        },
      ],
    },
  ],
};

const targets = [
  'container',
  'process',
  'container:crun',
  'vm:micro',
  'vm:direct',
  'vm:full',
  'vm:direct+memory=128M',
];
const value = fc.double({ min: 1, max: 2 ** 36, noNaN: true });
/** up to a day: no start is waited for so long */
const time = fc.double({ min: 1, max: 86_400_000, noNaN: true });

/** What instances share, and the first one's, are of bytes alone. */
const sideOf = (id: 'memory' | 'start-up' | 'disk') =>
  (id === 'start-up' ? time : value).chain((middle) =>
    fc.record(
      {
        target: fc.constantFrom(...targets),
        label: fc.constant('postgres on a VM (direct boot)'),
        value: fc.constant(middle),
        interval: fc.record({
          low: fc.double({ min: middle / 50, max: middle, noNaN: true }),
          high: fc.double({ min: middle, max: middle * 50, noNaN: true }),
        }),
        points: fc.array(fc.double({ min: middle / 3, max: middle * 3, noNaN: true }), { maxLength: 12 }),
        ...(id !== 'start-up' && {
          first: value,
          shared: fc.record({
            label: fc.constant({ key: 'kernel and initrd, shared by all VMs', facts: {} }),
            value,
          }),
        }),
        emulated: fc.constant(true as const),
        against: fc.record(
          {
            ratio: fc.double({ min: 0.001, max: 9999, noNaN: true }),
            judgement: fc.constantFrom('differs', 'same', 'cannot-tell', 'not-comparable'),
          },
          { requiredKeys: ['ratio'] },
        ),
      },
      { requiredKeys: ['target', 'value'] },
    ),
  );

const rowOf = (id: 'memory' | 'start-up' | 'disk') =>
  fc.record({
    id: fc.constant(id),
    about: fc.constantFrom(undefined, {
      key: 'all 3 applications, each with a disk or image of its own',
      facts: {},
    }),
    unit: fc.constant(id === 'start-up' ? ('ms' as const) : ('bytes' as const)),
    sides: fc.array(sideOf(id), { minLength: 1, maxLength: 6 }),
  });

/** The rows of any answer that a record may hold. */
export const anyAnswer: fc.Arbitrary<Pick<Answer, 'rows'>> = fc
  .tuple(rowOf('memory'), fc.option(rowOf('start-up')), fc.option(rowOf('disk')))
  .map((rows) => ({
    rows: rows
      .filter((row) => row !== null)
      .map(({ about, ...row }) => ({ ...row, ...(about && { about }) })),
  }));
