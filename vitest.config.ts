import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Real daemons share two cores: their tests run one file at a time. */
const alone = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 300_000 };

export default defineConfig({
  plugins: [svelte()],
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 20_000 } },
      { extends: true, test: { name: 'doors', include: ['tests/doors/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'engine', include: ['tests/engine/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'docker', include: ['tests/docker/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'process', include: ['tests/process/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'qemu', include: ['tests/qemu/**/*.test.ts'], ...alone } },
      { extends: true, test: { name: 'app', include: ['tests/app/**/*.test.ts'], ...alone } },
    ],
  },
});
