/** Every command of the command line, as it is typed to be killed in the middle: a command more is refused until it stands here. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { Door } from '../../main/doors/cli/door';
import { buildProgram } from '../../main/doors/cli/program';
import type { Scene } from './stage/scene';
import type { CacheKind } from './stage/stage';
import { fakeReportedRun } from '../support/fakes/fakeRun';

/** Two runs that are kept in each scene, and are to stay whole. */
export const keptRuns = { base: '20260101-000000-0001', other: '20260101-000000-0002' } as const;

/** The shortest run that still has rounds. */
export const quick = (targets: string, ...more: string[]): string[] => [
  ...['run', 'quick', '--soak', '0s', '--targets', targets, '--trials', '3', ...more],
];
/** Names and folders in a scene: see `setTheScene`. */
const [folder, compose, out] = ['folder', 'compose.yaml', 'out'];

/** A host of which ssh finds out at once that nothing listens there. */
const nowhere = 'ssh://127.0.0.1:1';

/** By the words that name a command. An empty list: it does nothing that could be cut off. */
export const invocations: Record<string, string[][]> = {
  run: [
    quick('container'),
    quick('vm:direct'),
    quick('process'),
    quick('container,vm:direct,process'),
    quick('container', '--load', '50', '--load-time', '1s'),
    quick('container', '--lifecycle'),
    ['run', 'three-apps', '--targets', 'container', '--memory', '64M', '--floor', '64M', '--soak', '0s'],
    ['run', 'density', '--targets', 'container', '--most', '4', '--ladders', '1', '--soak', '0s'],
    ['run', '--build', folder, '--targets', 'container', '--trials', '1', '--soak', '0s'],
    ['run', '--compose', compose, '--targets', 'container', '--trials', '1', '--soak', '0s'],
    quick('container', '--host', 'local', '--host', nowhere),
  ],
  ab: [['ab', 'container', 'process', '--trials', '2', '--soak', '0s']],
  list: [['list', '--json']],
  history: [['history']],
  show: [['show', keptRuns.base, '--full']],
  compare: [['compare', keptRuns.base, keptRuns.other]],
  export: [
    ...['pdf', 'html', 'png'].map((format) => [
      'export',
      keptRuns.base,
      '--format',
      format,
      '--out',
      `${out}.${format}`,
    ]),
    ['export', keptRuns.base, '--format', 'svg', '--out', out],
  ],
  rename: [['rename', keptRuns.base, 'another']],
  delete: [['delete', keptRuns.other]],
  restore: [['restore']],
  'image pull': [['image', 'pull', 'tare-torture.invalid/nothing:1']],
  'image push': [['image', 'push', 'tare-torture.invalid/nothing:1']],
  'image build': [['image', 'build', folder, '--tag', 'tare-torture/built:1']],
  'image list': [['image', 'list']],
  'image find': [['image', 'find', 'tare-torture/built:1']],
  'image load': [['image', 'load']],
  'image remove': [['image', 'remove', 'tare-torture/built:1']],
  isolation: [['isolation'], ['isolation', '--targets', 'container,process']],
  workflow: [
    ['workflow', '--build', folder, '--machine', 'none'],
    ['workflow', '--build', folder],
  ],
  doctor: [
    ['doctor', '--json'],
    ['doctor', '--host', nowhere],
  ],
  clean: [['clean'], ['clean', '--cache']],
  'guest list': [['guest', 'list']],
  'guest build': [['guest', 'build']],
  'host list': [['host', 'list']],
  'host add': [['host', 'add', 'nowhere', nowhere]],
  'host remove': [['host', 'remove', 'nowhere']],
  'host install': [['host', 'install', nowhere, '--yes']],
  'host uninstall': [['host', 'uninstall', nowhere]],
  explain: [],
  complete: [],
  manual: [],
  completion: [],
  serve: [['serve', '--port', '0']],
};

/** They fill or empty a cache, so they get one of their own. */
export const ownCacheFor = (words: readonly string[]): CacheKind | undefined =>
  words[0] === 'guest' ? 'empty' : words.includes('--cache') ? 'filled' : undefined;

/** The words of each command that does something. */
export function commandsThatAre(): string[] {
  const unread = { write: () => true };
  const door = new Door([], {
    stdout: unread,
    stderr: unread,
    env: {},
    cwd: '.',
    assetsFolder: 'assets',
    signals: { on: () => process, off: () => process },
    createEngine: () => {
      throw new Error('no engine is needed to ask for names');
    },
  });
  const leaves = (command: Command, before: string[]): string[] => {
    const words = [...before, command.name()];
    const further = command.commands.filter((one) => one.name() !== 'help');
    return further.length === 0 ? [words.join(' ')] : further.flatMap((one) => leaves(one, words));
  };
  const program = buildProgram(door, [(whole) => void whole.command('serve')]);
  return program.commands.filter((one) => one.name() !== 'help').flatMap((one) => leaves(one, []));
}

const dockerfile = `FROM scratch
COPY busybox /bin/busybox
COPY page.html /www/index.html
CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
EXPOSE 8080
`;
const services = `services:
  first: { build: folder, expose: [8080] }
  second: { build: folder, depends_on: [first], expose: [8080] }
`;

/** What the commands above speak of. */
export function setTheScene(scene: Scene, busybox: string): void {
  const at = (...names: string[]) => path.join(scene.workFolder, ...names);
  mkdirSync(at(folder));
  copyFileSync(busybox, at(folder, 'busybox'));
  writeFileSync(at(folder, 'Dockerfile'), dockerfile);
  writeFileSync(at(folder, 'page.html'), `<p>${scene.prefix}</p>\n`);
  writeFileSync(at(compose), services);
  for (const id of Object.values(keptRuns)) {
    const run = { ...fakeReportedRun({ preset: 'quick' }), id };
    const kept = path.join(scene.dataFolder, 'runs', id);
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(kept, 'run.json'), JSON.stringify(run));
  }
}
