/** Before the tests: removes what earlier ones left that were killed, so that it is not taken for a leak of today's. */
import { execFileSync } from 'node:child_process';
import { rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sharedCache } from './cache';
import { halfMade, leftovers } from './leaks';

const docker = (...words: string[]): string => execFileSync('docker', words, { encoding: 'utf8' });

/** Containers that no session made: what tests call their own stand-ins for strangers, and what they export images with. */
export const standIns = (): string[] =>
  ['name=^/tare-test-', 'label=tare.test'].flatMap((filter) =>
    docker('ps', '--all', '--quiet', '--filter', filter).split('\n').filter(Boolean),
  );

export function removeStandIns(): void {
  for (const id of standIns()) docker('rm', '--force', '--volumes', id);
}

export default function sweep(): void {
  for (const found of leftovers()) {
    const [kind, id] = found.split(' ') as [string, string];
    console.warn(`left by tests that were killed: ${found}`);
    if (kind === 'process') process.kill(Number(id), 'SIGKILL');
    else if (kind === 'cgroup') rmdirSync(id);
    else docker(...(kind === 'network' ? ['network', 'rm', id] : ['rm', '--force', '--volumes', id]));
  }
  if (!process.env.TARE_TEST_BESIDE) removeStandIns(); // nothing tells whose they are
  for (const name of halfMade(sharedCache()))
    rmSync(path.join(sharedCache(), name), { recursive: true, force: true });
}
