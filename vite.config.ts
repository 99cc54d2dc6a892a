import { svelte } from '@sveltejs/vite-plugin-svelte';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { bundledPackages, writeNotices } from './.ci/notices.ts';

const here = import.meta.dirname;

/**
 * dockerode brings two things that cannot be bundled and that Tare does not use: ssh2 with native code
 * (ssh endpoints go through the docker CLI) and BuildKit over gRPC and protobuf.
 */
function withoutDockerNatives(): Plugin {
  const stub = '\0tare:unavailable';
  return {
    name: 'tare:without-docker-natives',
    enforce: 'pre',
    resolveId(id, importer) {
      const buildKit = /^\.\/(session|buildkit)$/.test(id) && importer?.includes('dockerode');
      return buildKit || id === 'ssh2' || id === 'cpu-features' || id.endsWith('.node') ? stub : undefined;
    },
    load: (id) =>
      id === stub
        ? 'export class Client { constructor() { throw new Error("not part of this build"); } }\n' +
          'export default function unavailable() { throw new Error("not part of this build"); }'
        : undefined,
  };
}

/**
 * docker-modem inspects every request's options, hidden fields and all, even when nobody debugs: 6 ms of each call inside
 * the times that are measured.
 */
function withoutRequestInspection(): Plugin {
  const inspection = /util\.inspect\(options, \{\s*showHidden: true,\s*depth: null\s*\}\)/;
  return {
    name: 'tare:without-request-inspection',
    transform(code, id) {
      if (!id.endsWith('docker-modem/lib/modem.js')) return undefined;
      if (!inspection.test(code))
        this.error('docker-modem has changed: look again at what it does before each request');
      return { code: code.replace(inspection, 'options.path'), map: null };
    },
  };
}

/**
 * The page reads one language: its texts come from a file that fetches them, not from the one that holds every language. Those that only
 * the command line says stay away.
 */
function wordsOfPage(): Plugin {
  return {
    name: 'tare:words-of-page',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'client',
    resolveId: (id) =>
      /^\..*\bwords\/catalogues$/.test(id) ? path.join(here, 'renderer/catalogues.ts') : undefined,
    transform(code, id) {
      if (!/\bassets\/messages\/[\w-]+\.json$/.test(id)) return undefined;
      const texts = Object.entries(JSON.parse(code) as Record<string, string>);
      const ofPage = texts.filter(([key]) => !/^(cli|launch|serve)\./.test(key));
      return { code: JSON.stringify(Object.fromEntries(ofPage)), map: null };
    },
  };
}

/** Code that runs under Node or Electron's main process: one CommonJS file per entry, as a sandboxed preload has to be. */
const nodeBundle = (input: Record<string, string>, outDir: string) => ({
  consumer: 'server' as const,
  resolve: { noExternal: true as const },
  build: {
    target: 'node20.18',
    outDir: path.join(here, outDir),
    emptyOutDir: true,
    copyPublicDir: false, // the page's alone
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input,
      external: [
        'electron',
        'original-fs',
        ...builtinModules,
        ...builtinModules.map((name) => `node:${name}`),
      ],
      output: { format: 'cjs' as const, entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
    },
  },
});

export default defineConfig({
  // What is run without a bundle, as benchmarks are, meets the same Node.
  oxc: { target: 'node20.18' },
  root: path.join(here, 'renderer'),
  base: './',
  plugins: [withoutDockerNatives(), withoutRequestInspection(), wordsOfPage(), svelte(), bundledPackages()],
  assetsInclude: ['**/*.wasm'],
  environments: {
    client: {
      build: {
        target: 'chrome130',
        cssTarget: 'chrome130',
        outDir: path.join(here, 'dist/renderer'),
        emptyOutDir: true,
        modulePreload: { polyfill: false },
        cssCodeSplit: false, // one small file, or each page would wait for one of its own
        chunkSizeWarningLimit: 1000, // kB: read from the disk at once; the benchmark watches its size
        rolldownOptions: {
          output: {
            // the first screen in one file: each further one is asked for anew, and answered by a process that is busy then
            codeSplitting: {
              groups: [{ name: 'first', test: /renderer\/(main\.ts|pages\/compare\/Compare\.svelte)$/ }],
            },
          },
        },
      },
    },
    main: nodeBundle(
      {
        cli: path.join(here, 'main/doors/cli/index.ts'),
        desktop: path.join(here, 'main/doors/desktop/index.ts'),
        launch: path.join(here, 'main/doors/desktop/launch.ts'),
      },
      'dist/main',
    ),
    preload: nodeBundle({ index: path.join(here, 'preload/index.ts') }, 'dist/preload'),
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'ssr') await builder.build(environment);
      }
      writeNotices(['dist/main', 'dist/preload', 'dist/renderer']);
    },
  },
});
