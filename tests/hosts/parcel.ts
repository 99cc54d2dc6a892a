/** The repository as a disk: what is checked in or new, what was built, and the packages that tests need. */
import { execFileSync } from 'node:child_process';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './programs';

/** An EROFS disk in `folder`; every file is the hosts' user's. */
export async function packRepository(folder: string): Promise<string> {
  const at = (name: string) => path.join(folder, name);
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    maxBuffer: 1 << 26,
  });
  const there = listed
    .toString()
    .split('\0')
    .filter((name) => name !== '' && name !== 'node_modules');
  writeFileSync(at('files'), there.join('\0'));
  const owner = ['--owner=1000', '--group=1000'];
  await run(['tar', ...owner, '--null', '--files-from', at('files'), '-cf', at('repository.tar'), 'dist']);
  const modules = realpathSync('node_modules');
  await run([
    'tar',
    ...owner,
    '-rf',
    at('repository.tar'),
    '-C',
    path.dirname(modules),
    path.basename(modules),
  ]);
  await run(['mkfs.erofs', '--quiet', '--tar=f', at('repository.erofs'), at('repository.tar')]);
  rmSync(at('repository.tar'));
  return at('repository.erofs');
}
