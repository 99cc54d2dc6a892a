import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveArea } from '../../../../../main/doors/cli/terminal/liveArea';
import { Screen } from '../../../../../main/doors/cli/terminal/screen';

/** What a terminal would obey. */
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const written = (tell: (screen: Screen) => void, isTTY = true): string => {
  let all = '';
  tell(new Screen({ write: (text) => (all += String(text)), isTTY, columns: 80 }, 'en', {}));
  return all;
};

describe('a terminal', () => {
  it.each([
    ['sets no title', '\u001b]0;owned\u0007', '�]0;owned�'],
    ['fills no clipboard', '\u001b]52;c;cm0gLXJmCg==\u001b\\', '�]52;c;cm0gLXJmCg==�\\'],
    ['clears nothing', '\u001b[2J\u001b[H', '�[2J�[H'],
    ['is told no command of the second kind', '\u009b2J', '�2J'],
    ['writes over nothing', 'removed: 0\rremoved: 9\b', 'removed: 0�removed: 9�'],
    ['turns no direction', 'a\u202egpj.exe\u2066', 'a�gpj.exe�'],
    ['keeps lines and tabs, and lines of other systems', 'a\tb\nc\r\nd', 'a\tb\nc\nd'],
    ['keeps every other character', '汉字 é 🎉', '汉字 é 🎉'],
  ])('%s', (_, text, shown) => {
    expect(written((screen) => screen.line(text))).toBe(`${shown}\n`);
    expect(written((screen) => screen.line(text), false)).toBe(`${shown}\n`);
    expect(written((screen) => new LiveArea(screen, () => []).above(text))).toContain(shown);
  });

  it('has the colours that are Tare’s own', () => {
    const text = written((screen) => screen.line(screen.tone('bad', 'x\u001b[2J')));
    expect(text).toBe('\u001b[31mx�[2J\u001b[39m\n');
  });

  it('obeys no failure and no line of JSON either, which says the same all the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const failure = { code: 'plan-unreadable', path: text, reason: text } as const;
        const told = written((screen) => screen.failure(failure));
        expect(told.replace(/\u001b\[(?:31|39)m/g, '')).not.toMatch(obeyed);
        const json = written((screen) => screen.json({ [text]: text }));
        expect(json).not.toMatch(obeyed);
        expect(JSON.parse(json)).toEqual({ [text]: text });
      }),
      { seed: 13, numRuns: 300 },
    );
  });
});
