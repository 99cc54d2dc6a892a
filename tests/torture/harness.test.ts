/** What the attacks rest on: that they know every command, repeat themselves, and see what is wrong. */
import { expect, test } from 'vitest';
import { commandsThatAre, invocations } from './commands';
import { Draw } from './draw';
import { hostileImages } from './images/hostile';
import { tarOf } from './images/tar';
import { kinds } from './kinds';
import { nextKind } from './schedule';
import { wrongIn, type Ended } from './stage/program';
import { resultTable } from './table';
import { verdictOf } from './soak/verdict';

test('every command of the command line is attacked', () => {
  expect(Object.keys(invocations).sort()).toEqual(commandsThatAre().sort());
});

test('the same seed makes the same choices, another one others', () => {
  const drawn = (seed: number) => {
    const draw = new Draw(seed, 'kill', 0);
    return Array.from({ length: 20 }, () => draw.below(1000));
  };
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
});

test('each kind comes as often as it says', () => {
  const next = nextKind(kinds, 7);
  const total = kinds.reduce((sum, { anHour }) => sum + anHour, 0);
  const turns = Array.from({ length: total }, () => next().kind.name);
  for (const { name, anHour } of kinds) {
    const times = turns.filter((one) => one === name).length;
    expect(Math.abs(times - anHour), name).toBeLessThanOrEqual(Math.max(2, anHour * 0.25));
  }
});

const good: Ended = {
  words: ['list'],
  code: 0,
  signal: null,
  stdout: 'no runs yet',
  stderr: '',
  peakBytes: 1,
  elapsedMs: 1,
};

test.each<[string, Partial<Ended>, RegExp]>([
  ['an exit code that is not documented', { code: 7 }, /exit code 7/],
  ['a signal that nobody sent', { code: null, signal: 'SIGSEGV' }, /SIGSEGV/],
  ['a stack trace', { stderr: 'Error: x\n    at f (/a/b.js:1:2)\n' }, /stack trace/],
  ['a mistake of its own', { stderr: '✗ Tare itself made a mistake: x' }, /mistake/],
  ['one in JSON', { code: 1, stdout: '{"code": "bug"}' }, /mistake/],
  ['a hang', { hung: '11 s of processor time', code: null, signal: 'SIGKILL' }, /hangs/],
  ['too much memory', { peakBytes: 2 ** 31 }, /MiB/],
  ['silence', { code: 3, stdout: '' }, /says nothing/],
])('%s is seen', (_, changes, expected) => {
  expect(wrongIn(good)).toEqual([]);
  expect(wrongIn({ ...good, ...changes }).join('\n')).toMatch(expected);
});

test('a hostile tar is one whose heads add up, whatever their names are', () => {
  for (const { entries = [] } of hostileImages.filter(({ entries }) => (entries ?? []).length < 1000)) {
    const tar = tarOf(entries);
    expect(tar.length % 512).toBe(0);
    if (entries.length === 0) continue;
    const sum = tar
      .subarray(0, 512)
      .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    expect(parseInt(tar.toString('latin1', 148, 156), 8)).toBe(sum);
  }
});

test('the table counts what was tried, what survived, and what was wrong', () => {
  const kind = kinds[0]!;
  const told = [
    { kind, what: 'a', wrong: [], elapsedMs: 1 },
    { kind, what: 'b', wrong: ['x'], elapsedMs: 1 },
  ];
  expect(resultTable([kind], told)).toContain('| 2 | 1 | 1 |');
});

test('a series that grows is told from one that only wobbles', () => {
  const readings = (residentBytes: (at: number) => number) =>
    Array.from({ length: 40 }, (_, at) => ({
      atMinutes: at,
      residentBytes: residentBytes(at),
      descriptors: 30,
      writtenBytes: at,
      processes: 4,
    }));
  const mebibyte = 1024 ** 2;
  expect(verdictOf(readings((at) => (200 + (at % 5)) * mebibyte)).isFlat).toBe(true);
  expect(verdictOf(readings((at) => (200 + (at % 5) + at / 2) * mebibyte)).isFlat).toBe(false);
});
