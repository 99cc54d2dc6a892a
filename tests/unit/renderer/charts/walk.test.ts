import { describe, expect, it } from 'vitest';
import { walked, type Ground } from '../../../../renderer/charts/walk';

const ground: Ground = {
  items: [
    { datasetIndex: 0, indices: [0, 1, 2, 3] },
    { datasetIndex: 2, indices: [1, 3] },
  ],
  isVertical: false,
};
const at = (datasetIndex: number, index: number) => ({ datasetIndex, index });

describe('walking over the marks of a chart', () => {
  it('begins at the end that the key comes from', () => {
    expect(walked(ground, undefined, 'ArrowRight')).toEqual(at(0, 0));
    expect(walked(ground, undefined, 'ArrowLeft')).toEqual(at(0, 3));
    expect(walked(ground, undefined, 'Home')).toEqual(at(0, 0));
    expect(walked(ground, undefined, 'End')).toEqual(at(0, 3));
    expect(walked(ground, undefined, 'ArrowDown')).toEqual(at(0, 0));
  });

  it('goes on to the next that has a value, and stays at the last', () => {
    expect(walked(ground, at(2, 1), 'ArrowRight')).toEqual(at(2, 3));
    expect(walked(ground, at(2, 3), 'ArrowRight')).toEqual(at(2, 3));
    expect(walked(ground, at(0, 2), 'ArrowLeft')).toEqual(at(0, 1));
    expect(walked(ground, at(0, 0), 'PageDown')).toEqual(at(0, 3));
    expect(walked(ground, at(0, 3), 'Home')).toEqual(at(0, 0));
  });

  it('changes to the same place of the next dataset, or to the one before it', () => {
    expect(walked(ground, at(0, 3), 'ArrowDown')).toEqual(at(2, 3));
    expect(walked(ground, at(0, 2), 'ArrowDown')).toEqual(at(2, 1));
    expect(walked(ground, at(0, 0), 'ArrowDown')).toEqual(at(2, 1));
    expect(walked(ground, at(2, 1), 'ArrowUp')).toEqual(at(0, 1));
  });

  it('walks down where categories stand below each other', () => {
    const bars = { ...ground, isVertical: true };
    expect(walked(bars, at(0, 0), 'ArrowDown')).toEqual(at(0, 1));
    expect(walked(bars, at(0, 1), 'ArrowRight')).toEqual(at(2, 1));
  });

  it('starts again where its dataset is hidden, and leaves other keys alone', () => {
    expect(walked(ground, at(1, 2), 'ArrowRight')).toEqual(at(0, 0));
    expect(walked(ground, at(0, 0), 'a')).toBeUndefined();
    expect(walked({ ...ground, items: [] }, undefined, 'ArrowRight')).toBeUndefined();
  });
});
