import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { borders } from './borders.js';

const here = (room) => `${import.meta.dirname}/${room}`;
/** A room and all below it, as patterns that import-x holds against absolute paths. */
const within = (room) => (/\.\w+$/.test(room) ? `${here(room)}{,}` : `${here(room)}/**`);

/** What a room may not import: everything of ours but itself and what borders.js allows. */
const zones = borders.map(([room, mayImport]) => ({
  target: room,
  from: [here('{main,preload,renderer}/**')],
  except: [room, ...mayImport].map(within),
  message: `borders.js says what ${room} may import.`,
}));

/** The rest of the program reads a target's features, so that a new target is one entry in the table. */
const target = '/^(process|container|vm)\\b/';
const named = ['name', 'property.name'].flatMap((name) => [
  `BinaryExpression[operator=/^[!=]==$/][left.${name}=/target$/i][right.value=${target}]`,
  `BinaryExpression[operator=/^[!=]==$/][right.${name}=/target$/i][left.value=${target}]`,
  `CallExpression[callee.property.name='startsWith'][callee.object.${name}=/target$/i]`,
]);
const targetsByName = ['Literal[value=/^vm:/]', 'TemplateElement[value.raw=/^vm:/]', ...named].map(
  (selector) => ({
    selector,
    message: 'What a target is stands in main/contract/targets.ts: read its features, never its name.',
  }),
);

export default tseslint.config(
  { ignores: ['dist/**', 'release/**', 'node_modules/**', 'tests/fixtures/**', 'assets/workloads/**'] },
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
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
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
    files: ['main/**', 'preload/**', 'renderer/**'],
    ignores: ['main/contract/targets.ts', 'main/engine/measure/targets/**'],
    rules: { 'no-restricted-syntax': ['error', ...targetsByName] },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
  },
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
