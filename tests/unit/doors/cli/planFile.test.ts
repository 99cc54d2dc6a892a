import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Failure } from '../../../../main/contract/failures';
import { readPlanFile } from '../../../../main/doors/cli/planFile';
import { TareError } from '../../../../main/engine/base/errors';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-plan-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function refused(named: string): Promise<Failure> {
  const error: unknown = await readPlanFile(named, folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TareError);
  return (error as TareError).failure;
}

const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return name;
};

describe('a plan of somebody else', () => {
  test.each([
    ['a circle', 'a: &a [*a]'],
    ['a circle that grows', 'a: &a [*a, *a]'],
    [
      'a bomb',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...Array.from(
          { length: 9 },
          (_, at) =>
            `b${at}: &b${at} [${Array(9)
              .fill(at ? `*b${at - 1}` : '*a')
              .join(',')}]`,
        ),
      ].join('\n'),
    ],
    ['more levels than a parser could follow, in brackets', '['.repeat(100_000)],
    ['the same as lists', '- '.repeat(100_000)],
    ['the same as maps', 'a: '.repeat(100_000)],
    ['the same as JSON', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    [
      'more names than a parser could compare',
      Array.from({ length: 50_000 }, (_, at) => `V${at}: x`).join('\n'),
    ],
    ['more than a mebibyte', `name: ${'x'.repeat(1024 * 1024)}`],
    ['more than a mebibyte of JSON', JSON.stringify({ name: ['x'.repeat(600_000), 'x'.repeat(600_000)] })],
    ['a figure that no machine counts to', '{"trials": 1e300}'],
  ])('%s is refused, and is no mistake of Tare’s', async (_, text) => {
    expect(await refused(file('x.yaml', text))).toMatchObject({
      code: 'plan-unreadable',
      reason: 'beyond-bounds',
    });
  });

  test('what is wrong is told in a line, however long it is', async () => {
    const failure = await refused(file('x.yaml', '%'.repeat(500_000)));
    expect(JSON.stringify(failure).length).toBeLessThan(1000);
  });

  test('aliases are followed', async () => {
    const text =
      'workloads: [{ name: w, image: { kind: builtin, name: web }, limits: { memoryBytes: 64M }, targets: &one [container] }]';
    const plan = await readPlanFile(file('x.yaml', `${text}\ntargets: *one\ntrials: 1\n`), folder);
    expect(plan.targets).toEqual(['container']);
  });

  test.each([
    ['targets', { targets: Array.from({ length: 65 }, (_, at) => `container:r${at}`) }],
    [
      'workloads',
      {
        workloads: Array.from({ length: 10_000 }, (_, at) => ({
          name: `w${at}`,
          image: { kind: 'builtin', name: 'web' },
          limits: { memoryBytes: 1e9 },
        })),
      },
    ],
    [
      'environment',
      {
        workloads: [
          {
            name: 'w',
            image: { kind: 'builtin', name: 'web' },
            limits: { memoryBytes: 1e9 },
            environment: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`V${at}`, 'x'])),
          },
        ],
      },
    ],
    ['a hundred problems and no more', { workloads: Array(50_000).fill(1) }],
  ])('more %s than a plan has are a problem of it', async (_, wrong) => {
    const whole = {
      name: 'x',
      targets: ['container'],
      trials: 1,
      workloads: [{ name: 'w', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 1e9 } }],
    };
    const failure = await refused(file('x.json', JSON.stringify({ ...whole, ...wrong })));
    expect(failure).toMatchObject({ code: 'bad-input' });
    expect((failure as { problems: string[] }).problems.length).toBeLessThanOrEqual(100);
  });
});
