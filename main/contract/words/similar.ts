/** How many letters must be changed, added, left out or swapped with their neighbour to make one word of the other. */
function editDistance(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  let [before, last] = [[] as number[], b.map((_, at) => at).concat(b.length)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const changes = [last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1)];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) changes.push(before[j - 2]! + 1);
      row.push(Math.min(...changes));
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}

/** A third of a word may be wrong, and one letter of a short one. */
const tolerated = (word: string, name: string): number =>
  Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));

/** The known names that somebody may have meant who wrote `word`: all that are equally near; empty where none is near. */
export function similar(word: string, known: readonly string[]): string[] {
  const written = word.toLowerCase();
  const near = known
    .map((name) => ({ name, distance: editDistance(written, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= tolerated(word, name));
  const least = Math.min(...near.map(({ distance }) => distance));
  return near.filter(({ distance }) => distance === least).map(({ name }) => name);
}
