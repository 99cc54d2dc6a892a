/**
 * Whether something is what someone looks for: every word that was typed must be part of something that it shows.
 * @param shown  what a reader sees of it, in the reader's language
 */
export function isFound(query: string, shown: readonly (string | undefined)[]): boolean {
  const text = shown.filter(Boolean).join('\n').toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
