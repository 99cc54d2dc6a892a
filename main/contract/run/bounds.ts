import { z } from 'zod';

/**
 * What holds of everything that is read from outside, whatever its schema says: a record, a plan, a question to a door. So no text, list
 * or figure has to be doubted further inside. There is room for a thousand trials of 32 workloads on as many targets.
 */
const bounds = {
  /** lists and objects within each other; the deepest of a record are 12 */
  depth: 40,
  /** of one list or object */
  entries: 1_000_000,
  /** characters of one text; the longest are a program's last words */
  text: 1_000_000,
  /** and of a field's name */
  name: 1000,
  /** no counter of a kernel has more than 64 bits; some say so that there is no limit */
  figure: 2 ** 64,
} as const;

/**
 * Looks at all of it, however deep it is.
 * @param mostText  characters of one text; a question may carry a whole record as one
 */
export function isWithinBounds(value: unknown, mostText: number = bounds.text): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const below: unknown[] = [];
    for (const one of level) {
      if (!isWithin(one, mostText)) return false;
      if (typeof one !== 'object' || one === null) continue;
      if (depth >= bounds.depth) return false;
      for (const entry of Object.values(one)) below.push(entry);
    }
    level = below;
  }
  return true;
}

/** The value itself, whatever is in it. */
function isWithin(value: unknown, mostText: number): boolean {
  if (typeof value === 'string') return value.length <= mostText;
  if (typeof value === 'number') return Math.abs(value) <= bounds.figure;
  if (Array.isArray(value)) return value.length <= bounds.entries;
  if (typeof value !== 'object' || value === null) return true;
  const names = Object.keys(value);
  return names.length <= bounds.entries && names.every((name) => name.length <= bounds.name);
}

/**
 * As the schema's `safeParse`, of what comes from outside. zod 4 compares the `length` of anything that has one before it refuses it as no
 * text and no list, and throws where that is an object that cannot be compared, as `{"length":{"toString":null}}` has.
 */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const message = 'Invalid input: a length that is no number';
    const refused = new z.ZodError([{ code: 'custom', path: [], message, input: value }]);
    return { success: false, error: refused as z.ZodError<z.output<Schema>> };
  }
}
