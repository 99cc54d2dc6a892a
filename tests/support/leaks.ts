/** What the tests have made and not removed. What others have on the same computer is neither counted nor touched. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { cgroupPlace } from '../../main/engine/base/process/ownCgroup';
import { processes, startTicks } from '../../main/engine/base/process/proc';
import { sessionPrefix } from './sessions';

const ofTheTests = `${sessionPrefix}[0-9a-f]{12}`;

const docker = (...args: string[]): string[] =>
  execFileSync('docker', args, { encoding: 'utf8' }).split('\n').filter(Boolean);

/**
 * Containers and networks by their label, processes by the name in their words, control groups by theirs, as `KIND ID …`.
 * @param session  looks only at what this one made; default: all sessions of the tests
 */
export function leftovers(session = ofTheTests): string[] {
  const isOurs = new RegExp(`^${session}$`);
  const labelled = (kind: string, ...list: string[]) =>
    docker(...list, '--filter', 'label=tare.session', '--format', '{{.ID}} {{.Label "tare.session"}}')
      .map((line) => line.split(' ') as [string, string])
      .flatMap(([id, label]) => (isOurs.test(label) ? [`${kind} ${id}`] : []));
  const name = new RegExp(`\\btare-${session}-`);
  const running = processes().filter(
    ({ pid, words }) => startTicks(pid) !== undefined && words.some((word) => name.test(word)),
  );
  return [
    ...labelled('container', 'ps', '--all'),
    ...labelled('network', 'network', 'ls'),
    ...running.map(({ pid, words }) => `process ${pid} ${words[0]}`),
    ...groups().flatMap((group) => (name.test(group) ? [`cgroup ${group}`] : [])),
  ];
}

/** Control groups beside which a plain process's would be made. */
function groups(): string[] {
  const place = cgroupPlace();
  return place ? readdirSync(place.folder).map((name) => path.join(place.folder, name)) : [];
}

/** Names in a folder that are there only while a session of the tests is making something. */
export const halfMade = (folder: string): string[] =>
  existsSync(folder) ? namesBelow(folder).filter((name) => isHalfMade.test(name)) : [];

const isHalfMade = new RegExp(`(^|/)tare-${ofTheTests}-`);

/** Of all that is below a folder; links lead elsewhere, and a folder may go while it is looked at. */
function namesBelow(folder: string, below = ''): string[] {
  const found = ((): Dirent[] => {
    try {
      return readdirSync(path.join(folder, below), { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  })();
  return found.flatMap((entry) => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? [name, ...namesBelow(folder, name)] : [name];
  });
}
