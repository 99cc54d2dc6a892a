import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TransferProgress, type TransferLine } from '../../../../../main/engine/images/registry/transfer';

const downloading = (id: string, current: number, total: number): TransferLine => ({
  id,
  status: 'Downloading',
  progressDetail: { current, total },
});

function transfer(lines: [atMs: number, line: TransferLine][]): TransferProgress {
  const transfer = new TransferProgress();
  for (const [atMs, line] of lines) transfer.take(line, atMs);
  return transfer;
}

describe('a pull', () => {
  const opening: [number, TransferLine][] = [
    [0, { id: 'latest', status: 'Pulling from a/b' }],
    [0, { id: 'one', status: 'Pulling fs layer' }],
    [0, { id: 'two', status: 'Already exists' }],
  ];

  test('adds its layers up, and gives no share while a size is not known', () => {
    const begun = transfer(opening);
    expect(begun.share(true)).toBeUndefined();
    expect(begun.count()).toEqual({ layers: 2, alreadyThere: 1, done: 0 });
    const half = transfer([...opening, [0, downloading('one', 0, 100)], [1000, downloading('one', 50, 100)]]);
    expect(half.share(true)).toBe(0.25);
    expect(half.transfer()).toEqual({
      layers: [
        { id: 'one', state: 'moving', bytes: 50, ofBytes: 100 },
        { id: 'two', state: 'there' },
      ],
      bytes: 50,
      bytesPerSecond: 50,
    });
  });

  test('is whole when it is unpacked', () => {
    const whole = transfer([
      ...opening,
      [0, downloading('one', 0, 100)],
      [500, downloading('one', 90, 100)],
      [1000, { id: 'one', status: 'Download complete' }],
      [1100, { id: 'one', status: 'Extracting', progressDetail: { current: 50, total: 100 } }],
      [1200, { id: 'one', status: 'Pull complete' }],
      [1300, { status: 'Digest: sha256:abc' }],
    ]);
    expect(whole.share(true)).toBe(1);
    expect(whole.count()).toEqual({ layers: 2, alreadyThere: 1, done: 1 });
    expect([whole.movedBytes(), whole.meanBytesPerSecond(), whole.manifestDigest]).toEqual([
      100,
      100,
      'sha256:abc',
    ]);
  });

  test('that goes on after a broken connection counts what it had before: the engine then tells the rest only', () => {
    const broken = transfer([
      ...opening,
      [0, downloading('one', 60, 100)],
      [10, { id: 'one', status: 'Retrying in 5 seconds' }],
    ]);
    expect(broken.transfer().layers[0]!.state).toBe('interrupted');
    broken.take(downloading('one', 10, 40), 20);
    expect(broken.transfer().layers[0]).toEqual({ id: 'one', state: 'moving', bytes: 70, ofBytes: 100 });
    expect(broken.resumed).toBe(1);
  });

  test('that has to begin a layer anew forgets what it had', () => {
    const anew = transfer([
      [0, downloading('one', 60, 100)],
      [10, { id: 'one', status: 'Retrying in 5 seconds' }],
      [20, downloading('one', 10, 100)],
    ]);
    expect(anew.movedBytes()).toBe(10);
  });
});

test('a push tells what the registry had, and the digest it gave', () => {
  const push = transfer([
    [0, { id: 'one', status: 'Preparing' }],
    [0, { id: 'two', status: 'Layer already exists' }],
    [10, { id: 'one', status: 'Pushing', progressDetail: { current: 512, total: 1024 } }],
    [20, { id: 'one', status: 'Pushed' }],
    [30, { aux: { Digest: 'sha256:def' } }],
  ]);
  expect(push.count()).toEqual({ layers: 2, alreadyThere: 1, done: 1 });
  expect([push.share(false), push.manifestDigest]).toEqual([1, 'sha256:def']);
});

test('whatever the engine says, shares stay between 0 and 1 and bytes are never negative', () => {
  const line = fc.record(
    {
      id: fc.constantFrom('a', 'b'),
      status: fc.constantFrom(
        ...[
          'Downloading',
          'Pushing',
          'Extracting',
          'Retrying in 1 second',
          'Waiting',
          'Pull complete',
          'Pushed',
        ],
        ...['Verifying Checksum', 'Already exists', 'Something new'],
      ),
      progressDetail: fc.record({ current: fc.nat(), total: fc.nat() }, { requiredKeys: [] }),
    },
    { requiredKeys: ['id'] },
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const all = transfer(lines.map((one, at) => [at, one]));
      const share = all.share(true);
      expect(share === undefined || (share >= 0 && share <= 1)).toBe(true);
      expect(all.movedBytes()).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a pull knows its share once every layer has said its size, and it never runs past 1', () => {
  const layers = new TransferProgress();
  const take = (id: string, status: string, current?: number, total?: number) =>
    layers.take({ id, status, ...(total !== undefined && { progressDetail: { current: current!, total } }) });
  take('latest', 'Pulling from library/nginx');
  take('a', 'Pulling fs layer');
  take('b', 'Waiting');
  take('c', 'Already exists');
  take('a', 'Downloading', 50, 100);
  expect(layers.share(true)).toBeUndefined();
  take('b', 'Downloading', 0, 300);
  expect(layers.share(true)).toBeCloseTo(25 / 400);
  take('a', 'Download complete');
  take('a', 'Extracting', 100, 100);
  take('a', 'Pull complete');
  expect(layers.share(true)).toBeCloseTo(100 / 400);
  take('b', 'Pull complete');
  expect(layers.share(true)).toBe(1);
});
