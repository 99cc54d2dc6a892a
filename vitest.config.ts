import { svelte } from '@sveltejs/vite-plugin-svelte';
import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { patience } from './tests/support/patience';

const isRoot = process.getuid?.() === 0;

/**
 * The tests of containers run against Podman too, where it is installed and can be started as a service (root). Those of images do
 * not: it calls what has no registry docker.io/library/NAME, its API does not list the containers of a build, its exports have no
 * /.dockerenv, and it words errors of Dockerfiles and registries otherwise.
 */
const hasPodman = existsSync('/usr/bin/podman') && isRoot;

/**
 * Tests on real daemons: one file at a time. All that they make is called after them, so that they can stand beside anything else
 * on the same computer (tests/README.md), also beside the other lane of `.ci/test.sh`.
 */
const real = (
  name: string,
  include: string,
  special: { globalSetup?: string; setup?: string; env?: object } = {},
) => ({
  extends: true as const,
  test: {
    name,
    include: [include],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: patience },
    globalSetup: ['tests/support/sweep.ts', ...(special.globalSetup ? [special.globalSetup] : [])],
    setupFiles: [
      'tests/support/lockEnds.ts',
      'tests/support/sessions.ts',
      ...(special.setup ? [special.setup] : []),
    ],
    ...(special.env && { env: special.env }),
  },
});

export default defineConfig({
  plugins: [svelte()],
  assetsInclude: ['**/*.wasm'],
  test: {
    chaiConfig: { truncateThreshold: 0 }, // a log may be kept by its end alone, where the message stands without the difference
    expect: { poll: patience },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/{unit,golden}/**/*.test.ts'],
          css: true, // pages hold theirs
          testTimeout: 120_000,
          setupFiles: 'tests/support/lockEnds.ts',
        },
      },
      real('doors', 'tests/doors/**/*.test.ts'),
      real('engine', 'tests/engine/**/*.test.ts'),
      real('docker', 'tests/docker/**/*.test.ts'),
      real('process', 'tests/process/**/*.test.ts'),
      // As a fresh Docker 29 is and answers: in front of a real one (tests/support/engines/docker29.ts).
      ...(isRoot
        ? [
            real('docker29', 'tests/docker/container.test.ts', {
              setup: 'tests/support/engines/docker29.ts',
            }),
          ]
        : []),
      ...(hasPodman
        ? [
            real('podman', 'tests/docker/{container,isolation,leftovers}.test.ts', {
              globalSetup: 'tests/support/engines/podman.ts',
              env: { DOCKER_HOST: 'unix:///run/tare-test-podman/podman.sock' }, // tests/support/engines/podman.ts
            }),
          ]
        : []),
      real('qemu', 'tests/qemu/**/*.test.ts'),
      real('app', 'tests/app/**/*.test.ts'),
      real('torture', 'tests/torture/**/*.test.ts'),
    ],
  },
});
