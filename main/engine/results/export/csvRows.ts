/** RFC 4180, safe to open in a spreadsheet. */

export type CsvValue = string | number | null | undefined;

/** Spreadsheets run a text that begins like a formula: an apostrophe in front makes it text again. Numbers stay numbers. */
const guarded = (value: CsvValue): string =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');

/** One field: quoted only where it must be. A figure that could not be read is an empty one. */
const field = (value: CsvValue): string => {
  const words = guarded(value);
  return /[",\r\n]/.test(words) ? `"${words.replace(/"/g, '""')}"` : words;
};

export const csvRow = (values: readonly CsvValue[]): string => `${values.map(field).join(',')}\r\n`;
