/** A stream of numbers in [0, 1) that is the same on every machine for the same seed. */
export type Random = () => number;

const two32 = 2 ** 32;

/** Mixes a seed into well-spread 32-bit words: splitmix32, the 32-bit form of Steele, Lea & Flood (OOPSLA 2014). */
function splitmix(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/**
 * sfc32, Chris Doty-Humphrey's "small fast counter" generator from PractRand: 128 bits of state, passes BigCrush.
 * Each number has 53 random bits, since 32 would repeat values within 100,000 draws.
 * @param seed  any integer; what lies above 32 bits counts too
 */
export function seededRandom(seed: number): Random {
  const mix = splitmix(Math.floor(seed / two32) ^ seed);
  const state = Uint32Array.of(mix(), mix(), mix(), 1); // typed, so that no number of 32 bits is ever an object
  const next = (): number => {
    const [a, b, c] = [state[0]!, state[1]!, state[2]!];
    const sum = (a + b + state[3]!) >>> 0;
    state[3]! += 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  };
  for (let i = 0; i < 12; i += 1) next(); // the author's own warm-up, so that close seeds part
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** A copy of `values` in a seeded random order (Fisher & Yates; Durstenfeld, CACM 7, 1964). */
export function shuffle<T>(values: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
