import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { Workload, type BuiltinName } from '../../../../../main/contract/plan';
import { folderTag } from '../../../../../main/engine/images/image/build/build';
import { fingerprintOf } from '../../../../../main/engine/images/image/fingerprint';
import { builtinImage, imageFacts } from '../../../../../main/engine/images/image/image';
import { splitReference } from '../../../../../main/engine/images/image/pull';
import type { DebianBases } from '../../../../../main/engine/images/image/services';
import type { RunScope } from '../../../../../main/engine/base/scope';
import { runLine } from '../../../../../main/engine/measure/targets/docker/container';

const here = { os: 'linux', architecture: 'amd64' };
type Inspected = Parameters<typeof imageFacts>[1];

/** What an engine says about an image; newer ones leave empty fields out. */
const inspected = (Config: object = {}, rest: object = {}): Inspected =>
  ({ Id: 'sha256:1', Os: 'linux', Architecture: 'amd64', Config, ...rest }) as unknown as Inspected;
const facts = (image: Inspected, change: object = {}) =>
  imageFacts('app', image, { environment: {}, ...change }, here);

describe('what an image says about itself', () => {
  const image = inspected({
    Entrypoint: ['/entry'],
    Cmd: ['serve'],
    Env: ['PATH=/bin', 'MODE=a=b', 'KEEP=1'],
    ExposedPorts: { '53/udp': {}, '8080/tcp': {} },
    WorkingDir: '/app',
    User: 'www:web',
  });

  test('is how it is run', () => {
    expect(facts(image)).toEqual({
      reference: 'app',
      digest: 'sha256:1',
      fingerprint: fingerprintOf(image),
      entrypoint: ['/entry'],
      command: ['serve'],
      environment: ['PATH=/bin', 'MODE=a=b', 'KEEP=1'],
      workingDir: '/app',
      user: 'www:web',
      port: 8080,
    });
  });

  test('gives way to the plan, as at docker run', () => {
    const change = { command: ['other'], environment: { MODE: 'c', NEW: '' }, port: 81 };
    expect(facts(image, change)).toMatchObject({
      entrypoint: ['/entry'],
      command: ['other'],
      environment: ['PATH=/bin', 'KEEP=1', 'MODE=c', 'NEW='],
      port: 81,
    });
  });

  test('must be enough to run it', () => {
    const code = (run: () => unknown) => {
      try {
        return run();
      } catch (error) {
        return (error as { failure: { code: string } }).failure.code;
      }
    };
    expect(code(() => facts(inspected()))).toBe('image-without-command');
    expect(code(() => facts(inspected({ Entrypoint: null, Cmd: null, ExposedPorts: null })))).toBe(
      'image-without-command',
    );
    expect(code(() => facts(inspected({ Cmd: ['a'] })))).toBe('image-without-port');
    expect(code(() => facts(inspected({ Cmd: ['a'], ExposedPorts: { '1/tcp': {}, '2/tcp': {} } })))).toBe(
      'image-without-port',
    );
    expect(code(() => facts(inspected({ Cmd: ['a'] }, { Os: 'windows' })))).toBe('image-not-linux');
    expect(code(() => facts(inspected({ Cmd: ['a'] }, { Architecture: 'arm64' })))).toBe('image-not-linux');
    const bare = facts(
      inspected({ Entrypoint: 'one word', ExposedPorts: { '1/tcp': {} } }, { Os: '', Architecture: '' }),
    );
    expect(bare).toMatchObject({ entrypoint: ['one word'], environment: [], workingDir: '/', user: '' });
  });
});

describe('where the engine’s machine has another processor', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-busybox-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'busybox');
  const elf = Buffer.alloc(64);
  elf.write('\x7fELF', 'latin1');
  const [engineHas, kitHas] = process.arch === 'x64' ? ['arm64', 'amd64'] : ['amd64', 'arm64'];
  elf.writeUInt16LE(kitHas === 'amd64' ? 62 : 183, 18); // EM_X86_64, EM_AARCH64
  writeFileSync(file, elf);

  /** An engine that has no image and reaches no registry. */
  const missing = () => Promise.reject(Object.assign(new Error('no such image'), { statusCode: 404 }));
  const docker = { getImage: () => ({ inspect: missing }), createImage: missing };
  const engine = { docker, architecture: engineHas } as unknown as Parameters<typeof builtinImage>[0];
  const scope = { signal: new AbortController().signal, progress: () => undefined } as unknown as RunScope;
  const refused = (name: BuiltinName, debian: Partial<DebianBases> = {}) =>
    expect(
      builtinImage(
        engine,
        name,
        { assetsFolder: folder, busybox: () => Promise.resolve(file), debian } as never,
        scope,
      ),
    ).rejects.toMatchObject({
      failure: {
        code: 'builtin-not-for-engine',
        workload: name,
        platform: `linux/${kitHas}`,
        here: `linux/${engineHas}`,
      },
    });

  test('a built-in workload is refused', () => refused('web'));

  test('so is a service of Debian’s packages that is there already', () =>
    refused('nginx', { find: () => Promise.resolve('tare/nginx-debian:1') }));

  test('and one that would have to be made of them, before anything is made', async () => {
    const make = vi.fn<DebianBases['make']>();
    await refused('nginx', { find: () => Promise.resolve(undefined), make });
    expect(make).not.toHaveBeenCalled();
  });
});

test.each([
  ['nginx', 'nginx', 'latest'],
  ['nginx:1.27', 'nginx', '1.27'],
  ['localhost:5000/a/b', 'localhost:5000/a/b', 'latest'],
  ['localhost:5000/a/b:c', 'localhost:5000/a/b', 'c'],
  ['nginx@sha256:ab', 'nginx', 'sha256:ab'],
  ['nginx:1.27@sha256:ab', 'nginx', 'sha256:ab'],
])('%s is pulled as %s and %s, never with every tag', (reference, fromImage, tag) => {
  expect(splitReference(reference)).toEqual({ fromImage, tag });
});

test('a folder has one tag, which Docker accepts whatever the folder is called', () => {
  expect(folderTag('/home/me/My App!')).toMatch(/^tare\/folder-my-app:[0-9a-f]{12}$/);
  expect(folderTag('/a/app')).not.toBe(folderTag('/b/app'));
  expect(folderTag('/')).toMatch(/^tare\/folder-root:/);
  expect(folderTag('/我的应用')).toMatch(/^tare\/folder-root:/);
});

test('the line that a person can paste says what is started', () => {
  const limits = { memoryBytes: 2 ** 28, cpus: 1.5 };
  const image = { kind: 'reference' as const, reference: 'nginx' };
  const environment = { K: 'v' };
  const workload = { ...Workload.parse({ name: 'w', image, limits, command: ['a b'] }), environment };
  const ready = {
    workload,
    image: { ...facts(inspected({ Cmd: ['x'], ExposedPorts: { '80/tcp': {} } }), workload), bytes: 5 },
  };
  expect(runLine({ ready, runtime: 'crun' }).join('|')).toBe(
    'docker|run|-d|--rm|--runtime|crun|--memory|268435456b|--memory-swap|268435456b|--cpus|1.5|-p|127.0.0.1::80|-e|K|app|a b',
  );
});
