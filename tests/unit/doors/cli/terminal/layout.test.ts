import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, hang, widthOf, wrap } from '../../../../../main/doors/cli/terminal/layout';

const text = fc.array(
  fc.constantFrom('container', '容器', '，', '。', ' ', 'a', '虚拟机', '/var/run', '（', '）', '“', '”'),
  {
    maxLength: 40,
  },
);

describe('text in a terminal', () => {
  test('a Chinese character takes two columns', () => {
    expect(widthOf('容器 ok')).toBe(7);
  });

  test('cut text fits and is a beginning of the whole', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (parts, width) => {
        const whole = parts.join('');
        const short = cut(whole, width);
        expect(widthOf(short)).toBeLessThanOrEqual(Math.max(1, width));
        expect(whole.startsWith(short.replace(/…$/, ''))).toBe(true);
      }),
    );
  });

  test('wrapped text loses nothing but spaces, and only a long word is wider than the line', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 24, max: 60 }), (parts, width) => {
        const whole = parts.join('');
        const lines = wrap(whole, width);
        expect(lines.join('').replace(/ /g, '')).toBe(whole.replace(/ /g, ''));
        for (const line of lines.filter((one) => widthOf(one) > width)) expect(line).not.toMatch(/\S \S/);
      }),
    );
  });

  test('a line never begins with a closing mark', () => {
    for (const line of wrap('已停止。已启动的一切都已移除，已测得的数据会保留（完整）。', 20))
      expect(line).not.toMatch(/^[，。）]/);
  });

  test('a path stays whole, so that it can be copied', () => {
    const path = '/very/long/path/that/does/not/fit/into/a/narrow/line';
    expect(wrap(`see ${path} there`, 20)).toContain(path);
  });

  test('further lines hang below the first', () => {
    expect(hang('! ', 'one two three four five six seven', 22)).toBe(
      '! one two three four\n  five six seven',
    );
  });

  test('a long beginning does not push the further lines to the right', () => {
    expect(hang('web · container: ', 'one two three four five', 24, 2)).toBe(
      'web · container: one two\n  three four five',
    );
  });
});
