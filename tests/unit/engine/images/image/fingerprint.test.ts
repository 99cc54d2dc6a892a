import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf, type Described } from '../../../../../main/engine/images/image/fingerprint';

const image = {
  Os: 'linux',
  Architecture: 'amd64',
  Config: { Cmd: ['serve'], Env: ['A=1', 'B=2'], ExposedPorts: { '80/tcp': {} }, Labels: { a: 'x', b: 'y' } },
  RootFS: { Layers: ['sha256:1', 'sha256:2'] },
} satisfies Described;
const { Config } = image;

describe('an image is the same', () => {
  test.each<[string, Described]>([
    ['whatever an older engine writes for what is not set', { ...image, Config: { ...Config, ...unset() } }],
    ['in whatever order an engine writes', { ...image, Config: { ...Config, Labels: { b: 'y', a: 'x' } } }],
    [
      'whenever and by whatever it was made',
      { ...image, ...{ Created: '2026', Id: 'x', Parent: 'p', DockerVersion: '1' } },
    ],
  ])('%s', (_, other) => {
    expect(fingerprintOf(other)).toBe(fingerprintOf(image));
  });

  test('for any order of its fields', () => {
    const json = fc.dictionary(fc.string(), fc.string({ minLength: 1 }), { minKeys: 1 });
    fc.assert(
      fc.property(json, (Labels) => {
        const turned = Object.fromEntries(Object.entries(Labels).reverse());
        expect(fingerprintOf({ ...image, Config: { ...Config, Labels: turned } })).toBe(
          fingerprintOf({ ...image, Config: { ...Config, Labels } }),
        );
      }),
    );
  });
});

/** As API 1.44 answers. */
const unset = () => ({
  ...{ Hostname: '', Domainname: '', User: '', AttachStdin: false, Tty: false, OpenStdin: false },
  ...{ Image: 'sha256:parent', Volumes: null, WorkingDir: '', Entrypoint: null, OnBuild: null },
});

test.each<[string, Described]>([
  ['another command', { ...image, Config: { ...Config, Cmd: ['other'] } }],
  ['words cut otherwise', { ...image, Config: { ...Config, Env: ['A=1,B=2'] } }],
  ['another order of its variables', { ...image, Config: { ...Config, Env: ['B=2', 'A=1'] } }],
  ['the command as its entry point', { ...image, Config: { ...Config, Cmd: null, Entrypoint: ['serve'] } }],
  ['another layer', { ...image, RootFS: { Layers: ['sha256:1', 'sha256:3'] } }],
  ['a layer less', { ...image, RootFS: { Layers: ['sha256:1'] } }],
  ['another platform', { ...image, Architecture: 'arm64' }],
  ['nothing', {}],
])('an image with %s is another one', (_, other) => {
  expect(fingerprintOf(other)).not.toBe(fingerprintOf(image));
});
