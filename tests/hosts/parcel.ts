/** The repository as a disk: what is checked in or new, what was built, the packages that tests need, and the .deb where one was made. */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { version } from '../../package.json';
import { run } from './programs';

/** What `npm run package:here -- deb` makes. */
export const debFile = `release/tare_${version}_amd64.deb`;

/** A program of the bed for a host of any architecture: what runs sources here has native parts. */
async function bundle(source: string, outDir: string): Promise<void> {
  const rolldownOptions = { output: { entryFileNames: '[name].mjs' } };
  await build({
    configFile: false,
    logLevel: 'warn',
    build: { ssr: source, outDir, emptyOutDir: true, target: 'node20.18', rolldownOptions },
  });
}

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
  await bundle('tests/hosts/weigh.ts', at('dist'));
  const modules = realpathSync('node_modules');
  for (const [within, name] of [
    [folder, 'dist/weigh.mjs'],
    [path.dirname(modules), path.basename(modules)],
  ] as const)
    await run(['tar', ...owner, '-rf', at('repository.tar'), '-C', within, name]);
  await run(['mkfs.erofs', '--quiet', '--tar=f', at('repository.erofs'), at('repository.tar')]);
  rmSync(at('repository.tar'));
  return at('repository.erofs');
}
