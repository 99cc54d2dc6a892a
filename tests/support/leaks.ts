import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { processes, startTicks } from '../../main/engine/process/proc';

const docker = (...args: string[]): string[] =>
  execFileSync('docker', args, { encoding: 'utf8' }).split('\n').filter(Boolean);

/**
 * Everything on this machine that a Tare session has made and not removed: containers and networks by label, processes by
 * name. A test that starts something compares this before and after.
 * @param session  looks only at what this session made; other tests may be at work on the same machine
 */
export function leftovers(session = '[0-9a-f]{12}'): string[] {
  const name = new RegExp(`\\btare-${session}-`);
  const label = session.startsWith('[') ? 'label=tare.session' : `label=tare.session=${session}`;
  const qemu = processes().filter(
    ({ pid, words }) => startTicks(pid) !== undefined && words.some((word) => name.test(word)),
  );
  return [
    ...docker('ps', '-aq', '--filter', label).map((id) => `container ${id}`),
    ...docker('network', 'ls', '-q', '--filter', label).map((id) => `network ${id}`),
    ...qemu.map(({ pid, words }) => `process ${pid} ${words[0]}`),
  ];
}

/** Names in a folder that are there only while something is being made. */
export const halfMade = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /(^|\/)tare-[0-9a-f]{12}-/.test(name),
      )
    : [];
