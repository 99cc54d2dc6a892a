/**
 * Who may import whom: [room, what it may import beside itself]. A room is a folder or a file; what a line allows holds for all below
 * it. Lint reads this list, and `npm run house` wants a line here for every room.
 *
 * In one sentence: renderer, preload and doors know the contract; doors know the engine; the engine knows no door. Inside the engine,
 * what is further down in the list stands on what is further up.
 */
const contract = 'main/contract';
const engine = (...rooms) => rooms.map((room) => `main/engine/${room}`);
/** what every room of the engine may use: errors, waiting, the scope of some work and its steps */
const ground = [
  contract,
  ...engine(
    'errors.ts',
    'folder.ts',
    'foreignText.ts',
    'privateFolder.ts',
    'signals.ts',
    'scope.ts',
    'steps.ts',
  ),
];

export const borders = [
  [contract, []],
  ['main/drawing', [contract]],

  ['main/engine', [contract, 'main/drawing']],
  ['main/engine/errors.ts', [contract]],
  ['main/engine/foreignText.ts', []],
  ['main/engine/signals.ts', []],
  ['main/engine/folder.ts', []],
  ['main/engine/privateFolder.ts', [contract, ...engine('errors.ts', 'folder.ts')]],
  ['main/engine/scope.ts', [contract, ...engine('process')]],
  ['main/engine/steps.ts', [contract, ...engine('scope.ts')]],
  ['main/engine/statistics', [contract]],
  ['main/engine/process', ground],
  ['main/engine/docker', [...ground, ...engine('process')]],
  ['main/engine/disk', [...ground, ...engine('docker', 'process')]],
  ['main/engine/registry', [...ground, ...engine('disk', 'process')]],
  ['main/engine/image', [...ground, ...engine('disk', 'docker', 'process', 'registry')]],
  ['main/engine/guest', [...ground, ...engine('disk', 'docker', 'image', 'process', 'registry')]],
  ['main/engine/reader', [...ground, ...engine('docker', 'guest', 'process')]],
  ['main/engine/workloads', ground],
  ['main/engine/compose', [...ground, ...engine('process')]],
  ['main/engine/targets', [...ground, ...engine('disk', 'docker', 'guest', 'image', 'process', 'workloads')]],
  // the three ways never know each other
  ['main/engine/targets/docker', [...ground, ...engine('docker', 'image', 'process', 'targets/*.ts')]],
  [
    'main/engine/targets/process',
    [...ground, ...engine('disk', 'guest', 'image', 'process', 'targets/*.ts')],
  ],
  [
    'main/engine/targets/qemu',
    [...ground, ...engine('disk', 'guest', 'image', 'process', 'workloads', 'targets/*.ts')],
  ],
  ['main/engine/sampling', [...ground, ...engine('process', 'targets/target.ts')]],
  ['main/engine/report', [...ground, ...engine('statistics')]],
  ['main/engine/export', [...ground, 'main/drawing', ...engine('process/ledger.ts', 'report', 'statistics')]],
  ['main/engine/history', [...ground, ...engine('engine.ts', 'process', 'report', 'statistics')]],
  ['main/engine/trial', [...ground, ...engine('image', 'sampling', 'targets', 'workloads')]],
  ['main/engine/load', [...ground, ...engine('docker', 'process', 'trial')]],
  ['main/engine/density', [...ground, ...engine('sampling', 'trial', 'workloads')]],
  ['main/engine/settings', [...ground, ...engine('disk', 'engine.ts', 'history', 'process')]],
  ['main/engine/work', [...ground, ...engine('process')]],
  ['main/engine/isolation', [...ground, ...engine('image', 'process', 'resources.ts', 'targets', 'trial')]],
  [
    'main/engine/workflow',
    [
      ...ground,
      ...engine('docker', 'engine.ts', 'image', 'registry', 'resources.ts'),
      ...engine('targets', 'trial', 'work'),
    ],
  ],
  ['main/engine/claims', [...ground, ...engine('image', 'isolation', 'resources.ts', 'workflow')]],
  [
    'main/engine/run',
    [
      ...ground,
      ...engine('claims', 'clean.ts', 'density', 'disk', 'history', 'image', 'load', 'report'),
      ...engine('process', 'reader', 'resources.ts', 'sampling', 'statistics', 'targets', 'trial', 'work'),
    ],
  ],

  [
    'main/engine/fleet',
    [...ground, ...engine('docker', 'history', 'image', 'process', 'report', 'resources.ts', 'work')],
  ],

  [
    'main/engine/swarm',
    [...ground, ...engine('docker', 'fleet', 'guest', 'image', 'process', 'registry', 'resources.ts')],
  ],

  ['main/doors', [contract, 'main/engine']],
  [
    'main/doors/agent',
    [
      contract,
      'main/doors/*.ts',
      ...engine('engine.ts', 'errors.ts', 'fleet/drained.ts', 'fleet/frames.ts', 'fleet/wire.ts'),
    ],
  ],
  ['main/doors/web', [contract, 'main/doors/*.ts', ...engine('engine.ts', 'errors.ts')]],
  [
    'main/doors/cli',
    [
      contract,
      'main/doors/*.ts',
      'main/doors/agent',
      'main/doors/web',
      ...engine('engine.ts', 'errors.ts', 'foreignText.ts', 'index.ts', 'swarm/task/task.ts'),
    ],
  ],
  // a window prints and writes files itself, and starts programs
  [
    'main/doors/desktop',
    [
      contract,
      'main/doors/*.ts',
      ...engine('engine.ts', 'errors.ts', 'export', 'foreignText.ts', 'index.ts', 'process'),
    ],
  ],

  ['preload', [contract]],
  ['renderer', [contract, 'main/drawing', 'preload/bridge.d.ts']],
  ['renderer/link', [contract, 'preload/bridge.d.ts']],
  ['renderer/state', [contract, 'main/drawing', 'renderer/link', 'renderer/*.ts']],
  ['renderer/charts', ['main/drawing']],
  ['renderer/parts', [contract, 'main/drawing', 'renderer/charts', 'renderer/state', 'renderer/*.ts']],

  // Known debt: to be cleaned up, and nothing to be added. (none)
];
