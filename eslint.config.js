import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Who may not import whom (house rule: renderer, preload and doors know the contract; doors know the engine; the engine knows no door; drawing knows the contract alone). */
const borders = [
  {
    target: './main/contract',
    from: ['./main/drawing', './main/engine', './main/doors', './preload', './renderer'],
  },
  { target: './main/drawing', from: ['./main/engine', './main/doors', './preload', './renderer'] },
  { target: './main/engine', from: ['./main/doors', './preload', './renderer'] },
  { target: './main/doors', from: ['./renderer'] },
  { target: './preload', from: ['./main/engine', './main/doors', './renderer'] },
  { target: './renderer', from: ['./main/engine', './main/doors'] },
  {
    target: './main/engine/targets',
    from: ['./main/engine/run', './main/engine/history', './main/engine/report'],
  },
  { target: './main/engine/targets/docker', from: ['./main/engine/targets/qemu'] },
  { target: './main/engine/targets/qemu', from: ['./main/engine/targets/docker'] },
  {
    target: './main/engine/statistics',
    from: ['./main/engine/run', './main/engine/targets', './main/engine/history'],
  },
  {
    target: './main/engine/report',
    from: ['./main/engine/targets', './main/engine/run', './main/engine/history'],
  },
  {
    target: './main/engine/export',
    from: ['./main/engine/targets', './main/engine/run', './main/engine/sampling'],
  },
  {
    target: './main/engine/process',
    from: ['./main/engine/run', './main/engine/targets', './main/engine/image'],
  },
];

export default tseslint.config(
  { ignores: ['dist/**', 'release/**', 'node_modules/**', 'tests/fixtures/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: {
        project: ['./tsconfig.engine.json', './tsconfig.renderer.json', './tsconfig.tests.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.svelte', '.json'] })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: borders }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: [
      'main/engine/**',
      'main/doors/cli/**',
      'main/doors/web/**',
      'main/doors/router.ts',
      'main/contract/**',
      'main/drawing/**',
    ],
    rules: { 'no-restricted-imports': ['error', { paths: ['electron'] }] },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
  },
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
