import { describe, expect, test } from 'vitest';
import { widthOf, wrap } from '../../../main/drawing/words';

describe('wrapping', () => {
  test('keeps every word and stays within the width', () => {
    const note =
      'Median of n = 3 trials per bar, from the engine’s first call to the application’s first good answer.';
    const lines = wrap(note, 300, 12);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join(' ')).toBe(note);
    expect(lines.every((line) => widthOf(line, 12) <= 300)).toBe(true);
  });

  test('breaks Chinese anywhere but before punctuation', () => {
    const note = '每个点是一次试验；误差线为中位数的 95% 置信区间。'.repeat(4);
    const lines = wrap(note, 240, 12);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => /^[，。；：]/.test(line))).toEqual([]);
    expect(lines.join('').replace(/ /g, '')).toBe(note.replace(/ /g, ''));
  });
});
