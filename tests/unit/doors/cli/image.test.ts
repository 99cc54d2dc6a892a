import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../../main/contract/failures';
import type { LocalImage } from '../../../../main/contract/work/images';
import { layerLines, transferSummary } from '../../../../main/doors/cli/transfers';
import { Screen } from '../../../../main/doors/cli/terminal/screen';
import { tare } from '../../../support/commandLine';

const mebibyte = 1024 ** 2;
const app: LocalImage = {
  digest: 'sha256:0123456789abcdef',
  references: ['app:1'],
  bytes: 30 * mebibyte,
  uniqueBytes: 10 * mebibyte,
  layers: [
    { diffId: 'sha256:a', bytes: 20 * mebibyte, sharedWith: 2 },
    { diffId: 'sha256:b', bytes: 10 * mebibyte, sharedWith: 0 },
  ],
  history: [
    { instruction: 'COPY base /', bytes: 20 * mebibyte, layer: 0 },
    { instruction: 'RUN make', bytes: 10 * mebibyte, layer: 1 },
    { instruction: 'CMD ["/app"]', bytes: 0 },
  ],
  disks: [{ path: '/cache/disks/app.erofs', bytes: 12 * mebibyte }],
  containers: 1,
};

describe('tare image pull and push', () => {
  test.each(['pull', 'push'])('%s says what moved, how fast, and what was there already', async (verb) => {
    const { code, stdout, engine } = await tare(`image ${verb} registry.example:5000/app:1`);
    expect(code).toBe(0);
    expect(engine.inputs[verb === 'pull' ? 'pullImage' : 'pushImage']).toEqual({
      reference: 'registry.example:5000/app:1',
    });
    expect(stdout).toContain('2 MiB in 500 ms; 1 of 3 layers');
    expect(stdout).toContain('4 MiB per second');
  });

  test('refuse what cannot be the name of an image', async () => {
    const { code, stderr, used } = await tare(['image', 'pull', 'not a name']);
    expect([code, used]).toEqual([2, false]);
    expect(stderr).toContain('is not the name of an image');
  });

  test.each([
    ['registry-unauthorized', 3, 'docker login registry.example'],
    ['registry-unreachable', 3, '2 of 5 layers'],
    ['image-no-platform', 2, 'architecture'],
    ['engine-disk-full', 3, 'docker system df'],
  ] as const)('end with the right code and remedy after %s', async (code, exit, words) => {
    const { everyFailure } = await import('../../../support/fakes/failures');
    const failure = everyFailure.find((one) => one.code === code)!;
    const typed = await tare('image pull app', { fails: { pullImage: failure } });
    expect(typed.code).toBe(exit);
    expect(typed.stderr.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  test('count no layers where the registry was never reached', async () => {
    const { everyFailure } = await import('../../../support/fakes/failures');
    const failure = everyFailure.find((one) => one.code === 'registry-unreachable')!;
    const pullImage = { ...failure, done: 0, layers: 0 } as typeof failure;
    const { stderr } = await tare('image pull app', { fails: { pullImage } });
    expect(stderr).toContain('could not be reached');
    expect(stderr).not.toContain('0 of 0');
  });
});

test('a transfer under way shows each layer that is waited for, and the rate of all', () => {
  const screen = new Screen({ write: () => undefined }, 'en', {});
  const transfer = {
    layers: [
      { id: 'aaa', state: 'moving', bytes: mebibyte, ofBytes: 4 * mebibyte },
      { id: 'bbb', state: 'interrupted' },
      { id: 'ccc', state: 'done', bytes: 5, ofBytes: 5 },
      { id: 'ddd', state: 'there' },
    ] as const,
    bytes: mebibyte + 5,
    bytesPerSecond: 2 * mebibyte,
  };
  expect(layerLines(screen, { ...transfer, layers: [...transfer.layers] })).toEqual([
    '  aaa  transferring  25 %  4 MiB',
    '  bbb  connection lost, will go on',
  ]);
  expect(transferSummary(screen, { ...transfer, layers: [] })).toBe('  1.00 MiB  2 MiB/s');
});

describe('tare image list', () => {
  test('shows what each image shares and what is kept for it', async () => {
    const { stdout } = await tare('image list', { images: [app] });
    expect(stdout).toMatch(/app:1 +30 MiB +10 MiB +2 +12 MiB +1/);
  });

  test('shows what an image was made by', async () => {
    const { stdout } = await tare('image list --layers', { images: [app] });
    expect(stdout).toMatch(
      /20 MiB {2}COPY base \/\n +shared with 2 other images\n +10 MiB {2}RUN make\n +CMD/,
    );
  });

  test('says so when there is none, and prints JSON', async () => {
    expect((await tare('image list')).stdout).toContain('No image is here yet.');
    expect(JSON.parse((await tare('image list --json', { images: [app] })).stdout)).toEqual([app]);
  });
});

test('tare image build names what it made', async () => {
  const { stdout, engine } = await tare('image build app --tag app:2', { cwd: '/src' });
  expect(engine.inputs.buildImage).toEqual({ path: '/src/app', tag: 'app:2' });
  expect(stdout).toContain('Built app:2');
});

test('tare image remove names the consequences first', async () => {
  const removal = {
    digest: app.digest,
    untagged: ['app:1'],
    removed: true,
    layerBytes: 10 * mebibyte,
    disks: app.disks,
    usedBy: [],
  };
  const { stdout, engine } = await tare('image remove app:1 --dry-run', { removal });
  expect(engine.inputs.removeImage).toEqual({ reference: 'app:1', dryRun: true });
  for (const words of ['This would happen', 'app:1', '10 MiB', '/cache/disks/app.erofs', '12 MiB']) {
    expect(stdout).toContain(words);
  }
});

describe('what a Tare elsewhere asks of images here', () => {
  const unreachable: Failure = { code: 'docker-unreachable', tried: [] };

  test('is answered as JSON, and so is why there is no answer', async () => {
    const found = await tare('image find app:1');
    expect(JSON.parse(found.stdout)).toEqual({ os: 'linux', architecture: 'amd64' });
    const { stdout, stderr, code } = await tare('image find app:1', { fails: { findImage: unreachable } });
    expect(JSON.parse(stdout)).toEqual({ failure: unreachable });
    expect([stderr, code]).toEqual(['', 3]);
  });

  test('comes on standard input where it is an image', async () => {
    const { stdout, engine } = await tare('image load', { stdin: 'layers' });
    const digest = createHash('sha256').update('layers').digest('hex');
    expect(engine.log).toContain(`loadImage ${digest}`);
    expect(JSON.parse(stdout)).toEqual({});
  });
});
