import { expect, test } from 'vitest';
import type { Environment, OtherWork } from '../../../../../main/contract/run/run';
import { OthersSeen } from '../../../../../main/engine/measure/run/othersSeen';

const work = (pid: number): OtherWork => ({ kind: 'run', pid, startedAt: '2026-01-02T12:00:00.000Z' });

test('what was seen once is kept, also in an environment that is read later', () => {
  const looks = [[work(1)], [], [work(1), work(2)], []];
  const seen = new OthersSeen(() => looks.shift()!);
  const environment = (): Environment => ({
    tareVersion: '0',
    host: {},
    images: [],
    commands: [],
    missing: [],
  });
  seen.look(environment());
  const later = environment();
  seen.look(later);
  expect(later.otherWork).toEqual([work(1)]);
  seen.look(later);
  seen.look(later);
  expect(later.otherWork).toEqual([work(1), work(2)]);
});

test('nothing seen leaves the environment as it is', () => {
  const environment: Environment = { tareVersion: '0', host: {}, images: [], commands: [], missing: [] };
  new OthersSeen(() => []).look(environment);
  expect(environment).not.toHaveProperty('otherWork');
});
