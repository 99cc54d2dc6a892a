/** The repository as a disk: what is checked in or new, what was built, the packages that tests need, and the .deb where one was made. */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { version } from '../../package.json';
import { run } from './programs';

/** What `npm run package:here -- deb` makes. */
export const debFile = `release/tare_${version}_amd64.deb`;

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
  const made = ['dist', ...(existsSync(debFile) ? [debFile] : [])];
  await run(['tar', ...owner, '--null', '--files-from', at('files'), '-cf', at('repository.tar'), ...made]);
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
