import { expect, test } from 'vitest';
import {
  availableBytes,
  load,
  pagesInLists,
  spareBytes,
  timesOf,
} from '../../../../../main/engine/measure/sampling/host';

const zoneinfo = `Node 0, zone    DMA32
  pages free     387201
        boost    0
        min      2105
  pagesets
    cpu: 0
              count:    17
              high:     5011
              batch:    63
    cpu: 1
              count:    0
              high:     5011
  node_unreclaimable:  0
Node 0, zone   Normal
  pages free     4421
      nr_free_cma  0
  pagesets
    cpu: 0
              count:    3324
              high:     5523
    cpu: 1
              count:    4954
              high_max: 53248
  start_pfn:           1048576
Node 0, zone  Movable
  pages free     0
`;

test('the pages in the lists of all processors, and in all zones, are counted, and nothing else', () => {
  expect(pagesInLists(zoneinfo)).toBe(17 + 3324 + 4954);
  expect(pagesInLists('')).toBe(0);
});

test('the host can give what is available, and those pages', async () => {
  const [available, spare] = await Promise.all([availableBytes(), spareBytes()]);
  expect(spare! - available!).toBeGreaterThan(-64 * 1024 ** 2); // the two readings are not of one instant
  expect(spare! - available!).toBeLessThan(1024 ** 3);
});

test('a processor that waits for a disk is not busy, and one that serves interrupts is', () => {
  const [from, to] = ['cpu  100 0 100 700 50 0 0 0 0 0', 'cpu  130 0 110 740 80 5 5 900 0 0'].map(timesOf);
  expect(load(from!, to!)).toBeCloseTo((30 + 10 + 5 + 5) / (30 + 10 + 5 + 5 + 40 + 30));
});
