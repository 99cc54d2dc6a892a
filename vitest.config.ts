import { svelte } from '@sveltejs/vite-plugin-svelte';
import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * The tests of containers run against Podman too, where it is installed and can be started as a service (root). Those of images do
 * not: it calls what has no registry docker.io/library/NAME, its API does not list the containers of a build, its exports have no
 * /.dockerenv, and it words errors of Dockerfiles and registries otherwise.
 */
const hasPodman = existsSync('/usr/bin/podman') && process.getuid?.() === 0;

/** Real daemons share two cores: their tests run one file at a time. */
const alone = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 300_000 };

export default defineConfig({
  plugins: [svelte()],
  assetsInclude: ['**/*.wasm'],
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 20_000 } },
      { extends: true, test: { name: 'doors', include: ['tests/doors/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'engine', include: ['tests/engine/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'docker', include: ['tests/docker/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'process', include: ['tests/process/**/*.test.ts'], ...alone } },
      ...(hasPodman
        ? [
            {
              extends: true as const,
              test: {
                name: 'podman',
                include: ['tests/docker/{container,isolation,leftovers}.test.ts'],
                globalSetup: 'tests/support/podman.ts',
                env: { DOCKER_HOST: 'unix:///run/tare-test-podman/podman.sock' }, // tests/support/podman.ts
                ...alone,
              },
            },
          ]
        : []),
      { extends: true, test: { name: 'qemu', include: ['tests/qemu/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'app', include: ['tests/app/**/*.test.ts'], ...alone } },
    ],
  },
});
