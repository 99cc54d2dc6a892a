/**
 * How well a text answers what was typed: every letter has to be there, in order; those at the begin of a word and those in a row
 * count most. Undefined where one is missing. Case and what stands between words do not matter.
 */
export function fuzzyScore(typed: string, text: string): number | undefined {
  const wanted = letters(typed);
  const found = letters(text);
  let score = 0;
  let from = 0;
  let inARow = 0;
  for (const letter of wanted) {
    const at = found.findIndex((one, index) => index >= from && one.letter === letter.letter);
    if (at < 0) return undefined;
    inARow = at === from ? inARow + 1 : 1;
    score += (found[at]!.begins ? 4 : 1) + Math.min(inARow, 4);
    from = at + 1;
  }
  // of two that match alike, the shorter one was meant
  return score - found.length / 1000;
}

interface Letter {
  letter: string;
  /** first of its word */
  begins: boolean;
}

function letters(text: string): Letter[] {
  const found: Letter[] = [];
  let begins = true;
  for (const letter of text.toLocaleLowerCase('en')) {
    if (/[\p{L}\p{N}]/u.test(letter)) found.push({ letter, begins });
    begins = !/[\p{L}\p{N}]/u.test(letter);
  }
  return found;
}

/** The best first; all of them, in their order, where nothing was typed. */
export function fuzzyFound<T>(typed: string, all: readonly T[], textOf: (one: T) => string): T[] {
  return all
    .flatMap((one) => {
      const score = fuzzyScore(typed, textOf(one));
      return score === undefined ? [] : [{ one, score }];
    })
    .sort((a, b) => (typed.trim() === '' ? 0 : b.score - a.score))
    .map(({ one }) => one);
}
