import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { extract } from 'tar-stream';
import { ownNames, repositoryOf } from '../../main/contract/plan';
import { buildFolder, folderTag } from '../../main/engine/images/image/build/build';
import { exportImage } from '../../main/engine/images/disk/rootfs';
import type { RunScope } from '../../main/engine/base/scope';
import { freePort } from '../../main/engine/base/process/ports';
import { withoutBuildx } from '../support/builders';
import { busybox, openSession, type Session } from './daemon';

let session: Session;
let folder: string;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());
beforeEach(async () => {
  session.told.length = 0;
  folder = mkdtempSync(path.join(session.folder, 'built-'));
  copyFileSync(await busybox(), path.join(folder, 'busybox'));
});

/** This session's helpers, and the containers of its builds: those have no label, but its name is in their command. */
const containers = async () => {
  const all = await session.client.docker.listContainers({ all: true });
  const { session: id } = session.ledger;
  return all.filter((one) => one.Labels['tare.session'] === id || one.Command.includes(id));
};
const build = async (here: string, scope: RunScope) =>
  (await buildFolder(session.client, { path: here }, scope)).digest;
const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);

/** Removes what a test built, whether or not it got that far. */
async function dropTag() {
  await session.client.docker
    .getImage(folderTag(folder))
    .remove({ force: true })
    .catch((error: { statusCode?: number }) => expect(error.statusCode).toBe(404));
}

/** Names in an image's root filesystem; directories end in a slash. */
async function filesOf(digest: string): Promise<Map<string, string>> {
  const reader = extract();
  const found = new Map<string, string>();
  const stream = await exportImage(session.client.docker, digest, session.scope());
  stream.pipe(reader);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found.set(entry.header.name, entry.header.linkname ?? Buffer.concat(chunks).toString());
  }
  return found;
}

describe('building a folder', () => {
  test('gives an image that runs as its Dockerfile says, and tells its progress', async () => {
    write(
      'Dockerfile',
      'FROM scratch\nCOPY busybox /bin/busybox\nENV A=1\nEXPOSE 80\nCMD ["/bin/busybox","true"]\n',
    );
    try {
      const { image } = await session.ready({
        image: { kind: 'folder', path: folder },
        environment: { B: '2' },
      });
      expect(image).toMatchObject({
        reference: folder,
        command: ['/bin/busybox', 'true'],
        port: 80,
        workingDir: '/',
      });
      expect(image.environment).toEqual([expect.stringMatching(/^PATH=/), 'A=1', 'B=2']);
      expect(session.told.map(({ step, state }) => `${step} ${state}`)).toEqual(
        expect.arrayContaining(['build-image started', 'build-image done']),
      );
    } finally {
      await dropTag();
    }
  });

  test('leaves out what .dockerignore names, keeps what it brings back, and sends links as links', async () => {
    mkdirSync(path.join(folder, 'site/secret'), { recursive: true });
    write('site/page', 'page');
    write('site/secret/key', 'key');
    write('site/secret/public', 'public');
    write('notes.md', 'notes');
    symlinkSync('page', path.join(folder, 'site/link'));
    writeFileSync(path.join(folder, 'site/run'), 'run');
    chmodSync(path.join(folder, 'site/run'), 0o4755);
    write('.dockerignore', '# no secrets\nbusybox\n*.md\nDockerfile\nsite/secret\n!site/secret/public\n');
    write('Dockerfile', 'FROM scratch\nCOPY . /\n');
    try {
      const found = await filesOf(await build(folder, session.scope()));
      const sent = [...found.keys()].filter((name) => name.startsWith('site') || !name.includes('/'));
      expect(sent.sort()).toEqual([
        '.dockerenv',
        '.dockerignore',
        'site/',
        'site/link',
        'site/page',
        'site/run',
        'site/secret/',
        'site/secret/public',
      ]);
      expect(found.get('site/link')).toBe('page');
      expect(found.get('site/secret/public')).toBe('public');
    } finally {
      await dropTag();
    }
  });

  test('again after a change replaces the image instead of adding one', async () => {
    write('Dockerfile', 'FROM scratch\nCOPY busybox /\nLABEL round=1\n');
    try {
      const first = await build(folder, session.scope());
      expect(await build(folder, session.scope())).toBe(first);
      write('Dockerfile', 'FROM scratch\nCOPY busybox /\nLABEL round=2\n');
      const second = await build(folder, session.scope());
      expect(second).not.toBe(first);
      await expect(session.client.docker.getImage(first).inspect()).rejects.toMatchObject({
        statusCode: 404,
      });
    } finally {
      await dropTag();
    }
  });

  test('says which step failed, with the last of its output, and leaves no container', async () => {
    const run = `["/busybox","sh","-c","echo compiling 项目 ${session.ledger.session}; exit 7"]`;
    write('Dockerfile', `FROM scratch\nCOPY busybox /\nRUN ${run}\nCMD ["/busybox"]\n`);
    await expect(build(folder, session.scope())).rejects.toMatchObject({
      failure: {
        ...{ code: 'build-failed', path: folder, step: `RUN ${run}`, line: 3 },
        output: expect.stringMatching(/compiling 项目[^]*7/) as string,
      },
    });
    const classic = withoutBuildx(session.folder, () => build(folder, session.scope()));
    await expect(classic).rejects.toMatchObject({
      failure: {
        ...{ code: 'build-failed', path: folder, step: `3/4 : RUN ${run}`, line: 3 },
        output: expect.stringMatching(/compiling 项目[^]*7/) as string,
      },
    });
    expect(await containers()).toEqual([]);
  });

  test('of a Dockerfile that cannot be read fails with the reason', async () => {
    write('Dockerfile', 'FORM scratch\n');
    const refused = { code: 'build-failed', output: expect.stringContaining('FORM') as string };
    await expect(build(folder, session.scope())).rejects.toMatchObject({ failure: refused });
    const classic = withoutBuildx(session.folder, () => build(folder, session.scope()));
    await expect(classic).rejects.toMatchObject({ failure: refused });
  });

  test('can be cancelled in the middle of a step of the classic builder, whose container disappears', async () => {
    write(
      'Dockerfile',
      `FROM scratch\nCOPY busybox /\nRUN ["/busybox","sh","-c","echo ${session.ledger.session}; /busybox sleep 600"]\n`,
    );
    const stop = new AbortController();
    const building = withoutBuildx(session.folder, () => build(folder, session.scope(stop.signal)));
    await expect.poll(async () => (await containers()).length).toBe(1);
    stop.abort();
    await expect(building).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(async () => (await containers()).length).toBe(0);
  });

  test('of a folder without a Dockerfile, or of no folder, is refused before the engine is asked', async () => {
    const refused = { failure: { code: 'build-folder-unusable', reason: 'ENOENT' } };
    await expect(build(folder, session.scope())).rejects.toMatchObject(refused);
    const nowhere = path.join(folder, 'nowhere');
    await expect(build(nowhere, session.scope())).rejects.toMatchObject(refused);
    const file = { failure: { code: 'build-folder-unusable', reason: 'ENOTDIR' } };
    const busybox = path.join(folder, 'busybox');
    await expect(build(busybox, session.scope())).rejects.toMatchObject(file);
  });
});

describe('an image by reference', () => {
  test('that cannot be had is named together with what the engine said', async () => {
    const nobody = `localhost:${await freePort()}`;
    const reference = `${nobody}/tare/nothing:here`;
    await expect(session.ready({ image: { kind: 'reference', reference } })).rejects.toMatchObject({
      failure: {
        code: 'registry-unreachable',
        reference,
        reason: expect.stringContaining(nobody) as string,
      },
    });
    await expect(
      session.ready({ image: { kind: 'reference', reference: 'NOT A NAME' } }),
    ).rejects.toMatchObject({
      failure: {
        code: 'image-unknown',
        reference: 'NOT A NAME',
        reason: expect.stringMatching(/\w/) as string,
      },
    });
  });

  test('without a command, or without a port that can only be one, is refused', async () => {
    const bare = await session.image('FROM scratch\nCOPY busybox /\nEXPOSE 80\n');
    const twoPorts = await session.image('FROM scratch\nCOPY busybox /\nEXPOSE 80 81\nCMD ["/busybox"]\n');
    const udpOnly = await session.image('FROM scratch\nCOPY busybox /\nEXPOSE 53/udp\nCMD ["/busybox"]\n');
    const get = (reference: string, rest = {}) =>
      session.ready({ image: { kind: 'reference', reference }, ...rest });
    await expect(get(bare)).rejects.toMatchObject({
      failure: { code: 'image-without-command', reference: bare },
    });
    await expect(get(twoPorts)).rejects.toMatchObject({
      failure: { code: 'image-without-port', reference: twoPorts },
    });
    await expect(get(udpOnly)).rejects.toMatchObject({ failure: { code: 'image-without-port' } });
    const { image } = await get(bare, { command: ['/busybox', 'id'], port: 81 });
    expect(image).toMatchObject({ entrypoint: [], command: ['/busybox', 'id'], port: 81 });
    expect(await get(twoPorts, { port: 81 })).toMatchObject({ image: { port: 81 } });
  });
});

describe('the root filesystem of an image', () => {
  test('comes whole, also from an image without a command, and its helper is gone before the stream ends', async () => {
    const reference = await session.image('FROM scratch\nCOPY busybox /bin/\nCOPY hello /etc/\n', {
      hello: 'hi',
    });
    const { Id } = await session.client.docker.getImage(reference).inspect();
    const stream = await exportImage(session.client.docker, Id, session.scope());
    let bytes = 0;
    let leftAtEnd: Promise<number> | undefined;
    stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
    stream.on('end', () => void (leftAtEnd = containers().then((all) => all.length)));
    await once(stream, 'close');
    expect(bytes).toBeGreaterThan(1_900_000);
    expect(await leftAtEnd).toBe(0);
    expect((await filesOf(Id)).get('etc/hello')).toBe('hi');
  });

  test.each(['before', 'while'])(
    'leaves no helper when the stream is destroyed %s it is read',
    async (when) => {
      const reference = await session.image('FROM scratch\nCOPY busybox /bin/\n');
      const stream = await exportImage(session.client.docker, reference, session.scope());
      expect(await containers()).toHaveLength(1);
      if (when === 'while') await new Promise((resolve) => stream.once('data', resolve));
      stream.destroy();
      await new Promise((resolve) => stream.once('close', resolve));
      expect(await containers()).toEqual([]);
    },
  );
});

test.each(ownNames)('the built-in %s is built once, without a registry', async (name) => {
  const first = await session.ready({ image: { kind: 'builtin', name } });
  expect(first.image).toMatchObject({
    reference: expect.stringMatching(`^${repositoryOf(name)}:[0-9a-f]{12}$`) as string,
    port: 8080,
  });
  session.told.length = 0;
  const again = await session.ready({ image: { kind: 'builtin', name } });
  expect(again.image.digest).toBe(first.image.digest);
  expect(session.told).toEqual([]);
  const { Config } = await session.client.docker.getImage(first.image.reference).inspect();
  expect(Config.Labels).toEqual({ 'tare.workload': name });
});
