/** Where the arrow keys lead among the marks of a chart. */

/** One mark: an item of a dataset. */
export interface Mark {
  datasetIndex: number;
  index: number;
}

/** What of a chart can be walked over. */
export interface Ground {
  /** of each dataset that is shown, which of its items have a value, in their order */
  items: readonly { datasetIndex: number; indices: readonly number[] }[];
  /** categories stand below each other: the keys that point down and up walk over them */
  isVertical: boolean;
}

type Steps = Partial<Record<string, number>>;
const sideways: Steps = { ArrowRight: 1, ArrowLeft: -1 };
const upright: Steps = { ArrowDown: 1, ArrowUp: -1 };
const along: Steps = { PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

/**
 * The next mark, from the first or the last where none was chosen yet; undefined for a key that does not walk.
 * @param key  as `KeyboardEvent.key` names it
 */
export function walked({ items, isVertical }: Ground, from: Mark | undefined, key: string): Mark | undefined {
  const [rightward, downward] = [sideways[key], upright[key]];
  const step = (isVertical ? downward : rightward) ?? along[key];
  const turn = isVertical ? rightward : downward;
  const first = items[0];
  if (!first || (step === undefined && turn === undefined)) return undefined;
  const at = items.findIndex(({ datasetIndex }) => datasetIndex === from?.datasetIndex);
  if (!from || at < 0) {
    const end = step !== undefined && (step === -1 || step === Infinity);
    return { datasetIndex: first.datasetIndex, index: first.indices.at(end ? -1 : 0)! };
  }
  const set = items[within(items.length, at + (turn ?? 0))]!;
  const place = nearest(set.indices, from.index);
  return {
    datasetIndex: set.datasetIndex,
    index: set.indices[within(set.indices.length, place + (step ?? 0))]!,
  };
}

const within = (count: number, at: number): number => Math.max(0, Math.min(count - 1, at));

/** The place of the item, or of the one before it. */
const nearest = (indices: readonly number[], index: number): number =>
  Math.max(
    0,
    indices.findLastIndex((one) => one <= index),
  );
