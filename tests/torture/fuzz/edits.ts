/** Good inputs with a few edits: most of a parser lies behind its first check, which mere noise never passes. */
import fc from 'fast-check';

const longText = 'x'.repeat(20_000);

/** Values that have broken programs. */
export const hostileValues: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 0.5, 5e-324, 1e-9, -1e308, 1e308, 2 ** 31, 2 ** 53, 2 ** 64],
  ...[
    '',
    ' ',
    '0',
    '-1',
    'NaN',
    '__proto__',
    'constructor',
    '../../../../etc/passwd',
    '/dev/zero',
    '-rf',
    '--help',
  ],
  ...[
    '\0',
    '\n',
    '\r\n',
    'a\nb',
    '\u001b]0;owned\u0007',
    '\u001b[2J',
    '\u202e',
    '\ud800',
    '=1+1',
    '<script>',
    '%s%n',
    '${x}',
  ],
  longText,
  ...[[], {}, [null], [[]], [{}], { length: -1 }, { '': '' }, { toString: null }],
];

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileValues) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.double() },
);

interface JsonEdit {
  /** which of all places in the value, modulo their number */
  at: number;
  how: 'replace' | 'remove' | 'repeat' | 'add' | 'bury';
  value: unknown;
  times: number;
}

export const jsonEdits: fc.Arbitrary<JsonEdit[]> = fc.array(
  fc.record({
    at: fc.nat(1_000_000),
    how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'repeat', 'add', 'bury'),
    value,
    times: fc.constantFrom(1, 2, 10, 100),
  }),
  { minLength: 1, maxLength: 4 },
);

type Parent = Record<string, unknown>;

function placesIn(root: Parent): [Parent, string][] {
  const found: [Parent, string][] = [];
  const pending: Parent[] = [root];
  for (let next = pending.pop(); next; next = pending.pop())
    for (const key of Object.keys(next)) {
      found.push([next, key]);
      const child = next[key];
      if (typeof child === 'object' && child !== null) pending.push(child as Parent);
    }
  return found;
}

/** An input of more values would take the attack's own memory, and shows no more. */
const mostValues = 200_000;

/** @returns a copy with the edits */
export function editJson(original: unknown, edits: readonly JsonEdit[]): unknown {
  const root: Parent = { root: structuredClone(original) };
  for (const { at, how, value: hostile, times } of edits) {
    const value = structuredClone(hostile); // the same one may be put into itself later
    const places = placesIn(root);
    const [parent, key] = places[at % places.length]!;
    const old = parent[key];
    if (how === 'remove') Reflect.deleteProperty(parent, key);
    else if (how === 'repeat' && Array.isArray(old) && places.length * times < mostValues)
      parent[key] = Array.from({ length: times }, () => structuredClone(old) as unknown[]).flat();
    else if (how === 'add' && typeof old === 'object' && old !== null)
      (old as Parent)[typeof value === 'string' ? value : 'added'] = value;
    else if (how === 'bury') parent[key] = Array.from({ length: times }).reduce((inner) => [inner], value);
    else parent[key] = value;
    if (!('root' in root)) root.root = null;
  }
  return root.root;
}

interface ByteEdit {
  at: number;
  how: 'overwrite' | 'insert' | 'cut' | 'remove' | 'repeat';
  bytes: Uint8Array;
}

const hostileBytes = fc.oneof(
  fc.uint8Array({ maxLength: 16 }),
  fc.constantFrom(
    ...['\0\0\0\0', '\n\n', '-1', '99999999999999', '../', '\u001b[2J', '\u00ff', ' ', '{', '['].map(
      (text) => new Uint8Array(Buffer.from(text)),
    ),
  ),
  fc.constantFrom(new Uint8Array(512), new Uint8Array(1024).fill(0xff)),
);

export const byteEdits: fc.Arbitrary<ByteEdit[]> = fc.array(
  fc.record({
    at: fc.nat(10_000_000),
    how: fc.constantFrom('overwrite', 'overwrite', 'insert', 'cut', 'remove', 'repeat'),
    bytes: hostileBytes,
  }),
  { minLength: 1, maxLength: 5 },
);

export function editBytes(original: Buffer, edits: readonly ByteEdit[]): Buffer {
  return edits.reduce((whole, { at, how, bytes }) => {
    const place = whole.length === 0 ? 0 : at % whole.length;
    const [before, after] = [whole.subarray(0, place), whole.subarray(place)];
    switch (how) {
      case 'overwrite':
        return Buffer.concat([before, bytes, after.subarray(bytes.length)]);
      case 'insert':
        return Buffer.concat([before, bytes, after]);
      case 'cut':
        return before;
      case 'remove':
        return Buffer.concat([before, after.subarray(bytes.length + 1)]);
      case 'repeat':
        return Buffer.concat([before, after.subarray(0, 64), after]);
    }
  }, original);
}

/** A stream as the network cuts it. */
export function inChunks(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let [from, turn] = [0, 0]; from < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    chunks.push(whole.subarray(from, from + size));
    from += size;
  }
  return chunks;
}

export const chunkSizes: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 1, max: 4000 }), {
  minLength: 1,
  maxLength: 5,
});
