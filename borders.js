/**
 * Who may import whom: [folder or file, what it may import besides itself]. What a line allows holds for all below it. Lint reads this
 * list, and `npm run house` wants a line for every folder on the first floor of main.
 *
 * In one sentence: renderer, preload and doors know the contract; doors know the engine; the engine knows no door. Inside the engine,
 * each wing stands on those above it.
 */
const contract = 'main/contract';
const engine = (...rooms) => rooms.map((room) => `main/engine/${room}`);
/** the engine's calls as a type */
const calls = engine('engine.ts');
const base = [contract, ...calls, ...engine('base')];

export const borders = [
  [contract, []],
  ['main/drawing', [contract]],

  // the wings of the engine, from the ground up
  ['main/engine', [contract, 'main/drawing']],
  ['main/engine/base', [contract, ...calls]],
  ['main/engine/images', base],
  ['main/engine/results', [...base, 'main/drawing']],
  [
    'main/engine/measure',
    [...base, ...engine('images', 'results', 'calls/clean.ts', 'inspect/claims', 'remote/reader')],
  ],
  ['main/engine/inspect', [...base, ...engine('images', 'measure')]],
  ['main/engine/remote', [...base, ...engine('images', 'measure', 'results')]],
  ['main/engine/calls', [...base, ...engine('images', 'results', 'measure', 'inspect', 'remote')]],

  // narrower than their wing
  ['main/engine/results/statistics', [contract]],
  ['main/engine/results/report', [...base, ...engine('results/statistics')]],
  ['main/engine/measure/workloads', base],
  ['main/engine/measure/sampling', [...base, ...engine('measure/targets/target.ts')]],
  ['main/engine/measure/trial', [...base, ...engine('images', 'measure')]],
  // the three ways never know each other
  ...['docker', 'process', 'qemu'].map((way) => [
    `main/engine/measure/targets/${way}`,
    [...base, ...engine('images', 'measure/workloads', 'measure/targets/*.ts')],
  ]),

  ['main/doors', [contract, 'main/engine']],
  ['main/doors/web', [contract, 'main/doors/*.ts', ...calls, ...engine('base/errors.ts')]],
  [
    'main/doors/cli',
    [
      contract,
      'main/doors/*.ts',
      'main/doors/web',
      ...calls,
      ...engine('base/errors.ts', 'base/foreignText.ts', 'index.ts', 'remote/swarm/task/task.ts'),
    ],
  ],
  // a window prints and writes files itself, and starts programs
  [
    'main/doors/desktop',
    [contract, 'main/doors/*.ts', ...calls, ...engine('base', 'index.ts', 'results/export')],
  ],

  ['preload', [contract]],
  ['renderer', [contract, 'main/drawing', 'preload/bridge.d.ts']],
  ['renderer/link', [contract, 'preload/bridge.d.ts']],
  ['renderer/state', [contract, 'main/drawing', 'renderer/link', 'renderer/*.ts']],
  ['renderer/charts', ['main/drawing']],
  [
    'renderer/parts',
    [
      contract,
      'main/drawing',
      'renderer/charts',
      'renderer/link/fetched.ts',
      'renderer/state',
      'renderer/*.ts',
    ],
  ],
];
