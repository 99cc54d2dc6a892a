/** Dockerfiles in folders of their own, and a machine on which the better builders are not installed. */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions } from '../../main/contract/work/building';
import { processes, startTicks } from '../../main/engine/base/process/proc';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/dockerfiles');

/** How each of tests/fixtures/dockerfiles is built, and what it then says; the secret is written by {@link styleFolder}. */
export const styles: Readonly<Record<string, { page: string; options?: BuildOptions }>> = {
  'multi-stage': { page: 'multi-stage' },
  'parallel-stages': { page: 'parallel-stages' },
  'cache-mounts': { page: 'cache-mounts' },
  heredocs: { page: 'heredocs' },
  chmod: { page: 'chmod' },
  'arg-before-from': {
    page: 'a word, and more=',
    options: { target: 'served', buildArgs: { WORD: 'a word, and more=' }, platform: hostPlatform() },
  },
  onbuild: { page: 'onbuild' },
  healthcheck: { page: 'healthcheck' },
  'non-root': { page: 'non-root' },
  'shell-form': { page: 'shell-form' },
  // the beginning of the secret's digest: echo -n sesame | sha256sum
  'build-secret': { page: 'd0c04f4b1951', options: { secrets: [{ id: 'token' }] } },
};

function hostPlatform(): string {
  return `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
}

export interface StyleFolder {
  path: string;
  options: BuildOptions;
  /** the Dockerfile's text */
  text: string;
  /** the line that an instruction was put on */
  line: number;
}

/**
 * One of the styles, ready to be built.
 * @param within  where the folder is made
 * @param instruction  what is put in the place of `# here`
 */
export function styleFolder(
  within: string,
  name: string,
  busybox: string,
  instruction?: string,
): StyleFolder {
  const here = mkdtempSync(path.join(within, `${name}-`));
  const template = readFileSync(path.join(fixtures, `${name}.Dockerfile`), 'utf8');
  const line = template.split('\n').indexOf('# here') + 1;
  const text = instruction === undefined ? template : template.replace('# here', () => instruction);
  copyFileSync(busybox, path.join(here, 'busybox'));
  chmodSync(path.join(here, 'busybox'), 0o755);
  writeFileSync(path.join(here, 'Dockerfile'), text);
  writeFileSync(path.join(here, 'page.html'), `${name}\n`);
  const { secrets, ...options } = styles[name]?.options ?? {};
  const src = path.join(within, 'token');
  writeFileSync(src, 'sesame');
  return {
    ...{ path: here, text, line },
    options: { ...options, ...(secrets && { secrets: secrets.map((one) => ({ ...one, src })) }) },
  };
}

/** Processes that a build has started with this in their words, wherever they run; the builder itself is none of them. */
export const builtBy = (mark: string): number[] =>
  processes().flatMap(({ pid, words }) =>
    startTicks(pid) !== undefined &&
    words[0]?.endsWith('busybox') &&
    words.some((word) => word.includes(mark))
      ? [pid]
      : [],
  );

/**
 * Works as on a machine without `docker buildx`, and gives the path back.
 * @param within  where the other `docker` is put
 */
export async function withoutBuildx<T>(within: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.PATH ?? '';
  const folder = path.join(within, 'no-buildx');
  mkdirSync(folder, { recursive: true });
  const script = ['#!/bin/sh', '[ "$1" = buildx ] && exit 1', `PATH=${before} exec docker "$@"`, ''];
  writeFileSync(path.join(folder, 'docker'), script.join('\n'), { mode: 0o755 });
  process.env.PATH = `${folder}:${before}`;
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}
