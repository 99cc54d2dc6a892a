/** What is left of everything that was started in a scene: whatever has no owner any more. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cgroupPlace } from '../../../main/engine/base/process/ownCgroup';
import { processes, startTicks } from '../../../main/engine/base/process/proc';

/** Where the things of a scene can lie. */
export interface Places {
  /** as DOCKER_HOST names it */
  endpoint: string;
  /** begins the name of every session */
  prefix: string;
  folder: string;
  dataFolder: string;
  cacheFolder: string;
  tempFolder: string;
  /** what was mounted on purpose */
  mounts: readonly string[];
}

/** What a file of the system says; nothing where what it tells of has just ended. */
export const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Each program that was started in the scene has its mark in its environment, whatever its name is; containers have not. */
export function processesOf(prefix: string): { pid: number; words: string[] }[] {
  const mark = `TARE_SESSION_PREFIX=${prefix}`;
  const name = new RegExp(`\\btare-${prefix}[0-9a-f]{12}-`);
  return processes().filter(
    ({ pid, words }) =>
      pid !== process.pid &&
      startTicks(pid) !== undefined &&
      (words.some((word) => name.test(word)) || textOf(`/proc/${pid}/environ`).split('\0').includes(mark)),
  );
}

const labelled = ({ endpoint, prefix }: Places, kind: string, ...list: string[]): string[] =>
  execFileSync(
    'docker',
    [
      '--host',
      endpoint,
      ...list,
      '--filter',
      'label=tare.session',
      '--format',
      '{{.ID}} {{.Label "tare.session"}}',
    ],
    { encoding: 'utf8' },
  )
    .split('\n')
    .filter((line) => line.split(' ')[1]?.startsWith(prefix))
    .map((line) => `${kind} ${line}`);

/** By their kinds, since images hold links that lead out, and names alone would be followed there. */
const below = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) =>
        path.relative(folder, path.join(parentPath, name)),
      )
    : [];

/** Names that are there only while something is being made. */
const halfMade = (folder: string, prefix: string): string[] =>
  below(folder)
    .filter((name) => new RegExp(`(^|/)\\.?tare-${prefix}`).test(name) || /run\.json\.\d+$|\.new$/.test(name))
    .map((name) => `file ${path.join(folder, name)}`);

/** Runs that are there without a record: nothing can be shown of them. */
const recordless = (dataFolder: string): string[] => {
  const runs = path.join(dataFolder, 'runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .filter((name) => !existsSync(path.join(runs, name, 'run.json')))
    .map((name) => `run without a record ${name}`);
};

const ledgers = ({ dataFolder, prefix }: Places): string[] =>
  [path.join(dataFolder, 'ledger')]
    .flatMap((folder) => below(folder).map((name) => path.join(folder, name)))
    .filter((file) => path.basename(file).startsWith(prefix))
    .map((file) => `ledger ${file}: ${textOf(file).trim().split('\n').slice(-3).join(' ')}`);

const loops = ({ folder, cacheFolder }: Places): string[] =>
  readdirSync('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .map((name) => [name, textOf(`/sys/block/${name}/loop/backing_file`).trim()] as const)
    .filter(([, file]) => file.startsWith(folder) || file.startsWith(cacheFolder))
    .map(([name, file]) => `loop device ${name} ${file}`);

const mounted = ({ folder, cacheFolder, mounts }: Places): string[] =>
  textOf('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((place) => place.startsWith(folder) || place.startsWith(cacheFolder))
    .filter((place) => !mounts.includes(place))
    .map((place) => `mount ${place}`);

function groups({ prefix }: Places): string[] {
  const place = cgroupPlace();
  if (!place) return [];
  return readdirSync(place.folder)
    .filter((name) => name.includes(`tare-${prefix}`))
    .map((name) => `cgroup ${path.join(place.folder, name)}`);
}

/** One line for each thing. */
export function leftoversOf(places: Places): string[] {
  const { prefix, dataFolder, cacheFolder, tempFolder } = places;
  return [
    ...labelled(places, 'container', 'ps', '--all'),
    ...labelled(places, 'network', 'network', 'ls'),
    ...processesOf(prefix).map(({ pid, words }) => `process ${pid} ${words.join(' ').slice(0, 200)}`),
    ...groups(places),
    ...loops(places),
    ...mounted(places),
    ...ledgers(places),
    ...recordless(dataFolder),
    ...halfMade(dataFolder, prefix),
    ...halfMade(cacheFolder, prefix),
    ...below(tempFolder)
      .slice(0, 5)
      .map((name) => `temporary file ${path.join(tempFolder, name)}`),
  ];
}
