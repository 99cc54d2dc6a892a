/** Dockerfiles as people write them, built by BuildKit through `docker buildx`: to a container that answers, to a mistake, and stopped. */
import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildFolder, folderTag } from '../../main/engine/images/image/build/build';
import type { BuildOrder } from '../../main/engine/images/image/build/task';
import type { RunScope } from '../../main/engine/base/scope';
import { createContainerTarget } from '../../main/engine/measure/targets/docker/target';
import { builtBy, styleFolder, styles, withoutBuildx, type StyleFolder } from '../support/builders';
import { leftovers } from '../support/leaks';
import { answerOf, busybox, openSession, type Session } from './daemon';

let session: Session;
let file: string;
const made: string[] = [];
beforeAll(async () => {
  session = await openSession();
  file = await busybox();
});
afterEach(async () => {
  session.told.length = 0;
  for (const reference of made.splice(0)) {
    await session.client.docker
      .getImage(reference)
      .remove({ force: true })
      .catch((error: { statusCode?: number }) => expect(error.statusCode).toBe(404));
  }
  expect(leftovers(session.ledger.session)).toEqual([]);
  expect(readdirSync(os.tmpdir()).filter((name) => name.includes(session.ledger.session))).toEqual([]);
});
afterAll(() => session.close());

function ready(name: string, instruction?: string): StyleFolder {
  const folder = styleFolder(session.folder, name, file, instruction);
  made.push(folderTag(folder.path, folder.options));
  return folder;
}
const build = (
  folder: Pick<StyleFolder, 'path' | 'options'>,
  rest: Partial<BuildOrder> = {},
  scope?: RunScope,
) => buildFolder(session.client, { ...folder, ...rest }, scope ?? session.scope());

/** A folder with these lines and busybox. */
function written(lines: string[], files: Record<string, string> = {}): StyleFolder {
  const folder = styleFolder(session.folder, 'multi-stage', file);
  const text = lines.join('\n');
  writeFileSync(path.join(folder.path, 'Dockerfile'), text);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder.path, name), content);
  made.push(folderTag(folder.path));
  return { ...folder, options: {}, text };
}

const names = Object.keys(styles);
const base = ['FROM scratch', 'COPY busybox /bin/busybox'];

describe.each(names)('%s', (name) => {
  test('becomes a container that answers', async () => {
    const { path: here, options } = ready(name);
    const workload = await session.ready({
      image: { kind: 'folder', path: here, ...options },
      port: 8080,
    });
    const target = createContainerTarget({ docker: session.client.docker });
    const prepared = await target.prepare(workload, session.scope());
    const limits = { memoryBytes: 64 * 1024 ** 2, cpus: 1 };
    await using instance = await prepared.start(limits, () => undefined, session.scope());
    expect((await answerOf(instance)).trim()).toBe(styles[name]!.page);
    const told = session.told.filter(({ step }) => step === 'build-image');
    expect(told.at(-1)).toMatchObject({ state: 'done', builder: 'buildkit' });
    const all = told.at(-1)!.build!;
    expect(all.length).toBeGreaterThan(2);
    expect(all.filter(({ state }) => state !== 'done' && state !== 'cached')).toEqual([]);
  });

  test('with a mistake fails with its line, and with what it said', async () => {
    const folder = ready(name, 'RUN ["/bin/busybox", "sh", "-c", "echo 错误 here; exit 3"]');
    await expect(build(folder)).rejects.toMatchObject({
      failure: {
        code: 'build-failed',
        line: folder.line,
        step: expect.stringMatching(/^RUN .*exit 3/) as string,
        output: expect.stringMatching(/错误 here[^]*exit code: 3/) as string,
      },
    });
    const failed = session.told
      .flatMap(({ build: all }) => all ?? [])
      .filter(({ state }) => state === 'failed');
    expect(failed.length).toBeGreaterThan(0);
  });

  test('stops in the middle, and nothing of it goes on', async () => {
    const mark = `${session.ledger.session}-${name}`;
    // more follows it, so that the shell stays
    const lasting = `echo ${mark}; /bin/busybox sleep 600; echo over`;
    const folder = ready(name, `RUN ["/bin/busybox", "sh", "-c", "${lasting}"]`);
    const stop = new AbortController();
    const building = build(folder, {}, session.scope(stop.signal));
    building.catch(() => undefined); // looked at below
    try {
      await expect.poll(() => builtBy(mark).length).toBeGreaterThan(0);
    } finally {
      stop.abort();
      await building.catch(() => undefined);
    }
    await expect(building).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => builtBy(mark)).toEqual([]);
  });
});

describe('what a build tells', () => {
  test('stages that need nothing of each other go on at the same time, and each step says what it waited for', async () => {
    const { steps } = await build(ready('parallel-stages'), { fresh: true });
    const at = (stage: string) =>
      steps.find((step) => step.stage === stage && step.instruction.startsWith('RUN'))!;
    const [left, right] = [at('left'), at('right')];
    expect(left.fromMs).toBeLessThan(right.fromMs + right.tookMs);
    expect(right.fromMs).toBeLessThan(left.fromMs + left.tookMs);
    const copied = steps.find(({ instruction }) => instruction.includes('--from=left'))!;
    expect(copied.inputs).toContain(left.id);
    expect(copied.fromMs).toBeGreaterThanOrEqual(left.fromMs + left.tookMs);
    expect(steps.every(({ state }) => state === 'done')).toBe(true);
  });

  test('layers have the sizes that the engine gives them, and what is used again is told', async () => {
    const folder = ready('multi-stage');
    const first = await build(folder, { fresh: true });
    const again = await build(folder);
    expect(again.digest).toBe(first.digest);
    const history = (await session.client.docker.getImage(first.digest).history()) as { Size: number }[];
    const sum = (steps: typeof first.steps) => steps.reduce((all, { layerBytes = 0 }) => all + layerBytes, 0);
    const all = history.reduce((total, { Size }) => total + Size, 0);
    expect(sum(first.steps)).toBe(all);
    expect(sum(again.steps)).toBe(all);
    const carriedOut = again.steps.filter(({ number }) => number !== undefined);
    expect(carriedOut.map(({ state }) => state)).toEqual(carriedOut.map(() => 'cached'));
  });

  test('a Dockerfile of another name and place is found, as is one that cannot be read', async () => {
    const folder = written(base, { 'web.Dockerfile': [...base, 'LABEL which=web', ''].join('\n') });
    const options = { dockerfile: 'web.Dockerfile' };
    made.push(folderTag(folder.path, options));
    const { reference } = await build({ ...folder, options });
    const { Config } = await session.client.docker.getImage(reference).inspect();
    expect(Config.Labels).toMatchObject({ which: 'web' });
    await expect(build({ ...folder, options: { dockerfile: 'none' } })).rejects.toMatchObject({
      failure: { code: 'build-folder-unusable', reason: 'ENOENT' },
    });
    await expect(build(written([...base, 'FORM x']))).rejects.toMatchObject({
      failure: { code: 'build-failed', step: 'FORM x', line: 3 },
    });
  });

  test('a server that is not there is told as such, with the line that asks for it', async () => {
    const step = 'ADD https://nowhere.invalid/x /x';
    await expect(build(written([...base, step]))).rejects.toMatchObject({
      failure: { code: 'build-offline', step, line: 3 },
    });
  });

  test('a secret is in no layer, in no record of the build, and nothing is given that was not asked for', async () => {
    const folder = ready('build-secret');
    const { reference } = await build(folder, { fresh: true });
    const { docker } = session.client;
    const words = JSON.stringify([
      await docker.getImage(reference).inspect(),
      await docker.getImage(reference).history(),
    ]);
    expect(words).not.toContain('sesame');
    expect(JSON.stringify(session.told)).not.toContain('sesame');
    await expect(build({ path: folder.path, options: {} }, { fresh: true })).rejects.toMatchObject({
      failure: { code: 'build-failed', line: 5, output: expect.stringContaining('token') as string },
    });
    const missing = { secrets: [{ id: 'token', src: '/nowhere/token' }] };
    await expect(build({ path: folder.path, options: missing })).rejects.toMatchObject({
      failure: { code: 'build-failed', output: expect.stringContaining('/nowhere/token') as string },
    });
  });
});

describe('where there is no docker buildx', () => {
  test('the classic builder builds, and it is said so', async () => {
    const folder = ready('arg-before-from');
    // it has no TARGETARCH
    const lines = folder.text.replace('test -n "$TARGETARCH"', 'true');
    writeFileSync(path.join(folder.path, 'Dockerfile'), lines);
    const { platform, ...options } = folder.options;
    expect(platform).toBeDefined();
    made.push(folderTag(folder.path, options));
    const built = await withoutBuildx(session.folder, () => build({ ...folder, options }));
    expect(built.builder).toBe('classic');
    expect(session.told.at(-1)).toMatchObject({ builder: 'classic', state: 'done' });
    const { Config } = await session.client.docker.getImage(built.reference).inspect();
    expect(Config.Env).toContain('WORD=a word, and more=');
    expect(Config.Cmd).toContain('httpd');
  });

  test('a mistake has its line too', async () => {
    const folder = written([...base, '# of mine', 'RUN ["/bin/busybox", "false"]', 'EXPOSE 80']);
    await expect(withoutBuildx(session.folder, () => build(folder))).rejects.toMatchObject({
      failure: { code: 'build-failed', step: '3/4 : RUN ["/bin/busybox", "false"]', line: 4 },
    });
  });

  test.each(['cache-mounts', 'heredocs', 'chmod', 'build-secret'])(
    '%s is refused before anything is built, with what would help',
    async (name) => {
      const folder = ready(name);
      await expect(withoutBuildx(session.folder, () => build(folder))).rejects.toMatchObject({
        failure: { code: 'buildkit-needed', path: folder.path, package: 'docker-buildx' },
      });
    },
  );
});
