import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseBytes,
  parseMs,
  scaleOf,
  showBytes,
  showInterval,
  showMs,
  showTimes,
  showValue,
} from '../../../main/contract/quantities';

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [1536, '1.50 KiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [256 * 1024 ** 2, '256 MiB'],
    [12.34 * 1024 ** 2, '12.3 MiB'],
    [2.5 * 1024 ** 3, '2.50 GiB'],
    [-3 * 1024 ** 2, '-3 MiB'],
  ])('%d bytes read %s', (bytes, text) => expect(showBytes('en', bytes).replace('1.00', '1')).toBe(text));

  test.each([
    ['256M', 256 * 1024 ** 2],
    ['1G', 1024 ** 3],
    ['512MiB', 512 * 1024 ** 2],
    ['512mb', 512 * 1024 ** 2],
    ['1.5g', 1.5 * 1024 ** 3],
    [' 64 K ', 65536],
    ['4096', 4096],
    ['100B', 100],
  ])('%s is understood', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  test.each(['', 'M', '-1M', '1,5G', '12Q', '1e3', '0x10', '1 G B', '99999999T', 'NaN'])(
    '%s is refused',
    (text) => expect(parseBytes(text)).toBeUndefined(),
  );

  test('whole sizes in any binary unit are read as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 }), fc.constantFrom('K', 'M', 'G', 'T'), (count, unit) => {
        const bytes = count * 1024 ** ('KMGT'.indexOf(unit) + 1);
        expect(parseBytes(`${count}${unit}`)).toBe(bytes);
        expect(parseBytes(showBytes('en', bytes).replace(/,/g, ''))).toBe(bytes);
      }),
    );
  });

  test('what is shown is within half a unit of the third digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1024, max: 2 ** 45 }), (bytes) => {
        const read = parseBytes(showBytes('en', bytes).replace(/,/g, ''))!;
        expect(Math.abs(read - bytes) / bytes).toBeLessThanOrEqual(0.0051);
      }),
    );
  });
});

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [9.94, '9.9 ms'],
    [412.4, '412 ms'],
    [999.7, '1.00 s'],
    [4194, '4.19 s'],
    [9999.7, '10.0 s'],
    [90_000, '90.0 s'],
    [300_000, '5.00 min'],
    [-0.01, '0.0 ms'],
  ])('%d ms read %s', (ms, text) => expect(showMs('en', ms)).toBe(text));

  test.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1m30s', 90_000],
    ['2 h', 7_200_000],
    ['0', 0],
  ])('%s is understood', (text, ms) => expect(parseMs(text)).toBe(ms));

  test.each(['', '5', '-5s', 's', '5 seconds', '1,5s', '5d'])('%s is refused', (text) =>
    expect(parseMs(text)).toBeUndefined(),
  );

  test('minutes, seconds and milliseconds add up in any combination', () => {
    const small = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(small, small, small, (m, s, ms) => {
        expect(parseMs(`${m}m${s}s${ms}ms`)).toBe(m * 60_000 + s * 1000 + ms);
      }),
    );
  });
});

test('no text at all makes the readers throw, and what they answer is a whole number of units', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.]{1,5}\s?[a-zA-Z]{0,3}$/)), (text) => {
      for (const value of [parseBytes(text), parseMs(text)]) {
        if (value !== undefined) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      }
    }),
  );
});

test('ratios keep three digits and values follow their unit', () => {
  expect(showTimes('en', 12.345)).toBe('12.3 ×');
  expect(showTimes('en', 9.999)).toBe('10 ×');
  expect(showTimes('en', 13)).toBe('13 ×');
  expect(showTimes('zh-CN', 3.4)).toBe('3.40 倍');
  expect(showTimes('en', 27.7128, 2)).toBe('28 ×');
  expect(showValue('zh-CN', 'bytes', 1024)).toBe('1 KiB');
  expect(showValue('en', 'percent', 5)).toBe('5 %');
  expect(showValue('en', 'percent', 95.04)).toBe('95 %');
  expect(showValue('zh-CN', 'percent', 95)).toBe('95%');
  expect(showValue('en', 'ms', 'text stays')).toBe('text stays');
});

const MiB = 1024 ** 2;

describe('quantities that stand together have one unit', () => {
  test.each([
    [[219 * MiB, 11 * MiB], 'MiB'],
    [[1.2 * 1024 * MiB, 95 * MiB], 'MiB'],
    [[23.5 * 1024 * MiB, 412 * MiB], 'GiB'],
    [[80.2 * MiB, 532 * 1024], 'MiB'],
    [[0, 300 * 1024], 'KiB'],
    [[], 'B'],
  ])('sizes %j are shown in %s', (values, symbol) => expect(scaleOf('bytes', values).symbol).toBe(symbol));

  test.each([
    [[922, 11_400], 's'],
    [[412, 97], 'ms'],
    [[150_000, 20_000], 's'],
    [[150_000, 90_000], 'min'],
    [[4, 4200], 'ms'],
    [[4, 42_000], 's'],
  ])('times %j are shown in %s', (values, symbol) => expect(scaleOf('ms', values).symbol).toBe(symbol));

  test('whatever they are: never longer than five figures before the point, nor without any figure', () => {
    const sizes = fc.array(fc.integer({ min: 1000, max: 2 ** 33 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom('bytes' as const, 'ms' as const), sizes, (unit, values) => {
        const scale = scaleOf(unit, values);
        for (const value of values) {
          const words = showValue('en', unit, value, scale);
          expect(words.endsWith(` ${scale.symbol}`)).toBe(true);
          expect(Number.parseFloat(words.replace(/,/g, ''))).not.toBe(0);
        }
        const largest = Math.max(...values) / scale.size;
        const isLargestUnit = scale.symbol === 'TiB' || scale.symbol === 'min';
        if (!isLargestUnit) expect(largest).toBeLessThan(10_000);
      }),
    );
  });

  test('an interval tells it once', () => {
    expect(showInterval('en', 'ms', { low: 2128, high: 14_300 })).toBe('2.13 – 14.3 s');
    expect(showInterval('en', 'bytes', { low: 189 * MiB, high: 195 * MiB })).toBe('189 – 195 MiB');
    expect(showInterval('en', 'ms', { low: 922, high: 11_400 })).toBe('0.922 – 11.4 s');
    expect(showInterval('en', 'times', { low: 3, high: 12.34 })).toBe('3.00 – 12.3 ×');
    expect(showInterval('zh-CN', 'percent', { low: 3, high: 12 })).toBe('3 – 12%');
  });
});
