/** The installers as their own systems look at them, install and remove them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { version } from '../../../package.json';

/** What a program says on its standard output. */
export const said = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

export const debFile = (packed: string) =>
  path.join(packed, `tare_${version}_${process.arch === 'arm64' ? 'arm64' : 'amd64'}.deb`);
export const rpmFile = (packed: string) =>
  path.join(packed, `tare-${version}-1.${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.rpm`);

interface Installer {
  /** where its systems keep completions of zsh */
  zsh: string;
  /** every path below usr, with its mode */
  modes: () => Map<string, string>;
  /** what it asks for, and what it recommends */
  needs: () => string;
  install: (folder: string) => void;
  remove: (folder: string) => void;
}

const dpkg = (folder: string, ...words: string[]) =>
  said('dpkg', `--root=${folder}`, '--force-depends', '--log=/dev/null', ...words);
const rpm = (folder: string, ...words: string[]) => said('rpm', '--root', folder, '--nodeps', ...words);

/** The installers that were packed into a folder, by their kind. */
export const installersIn = (packed: string): Record<string, Installer> => ({
  deb: {
    zsh: 'vendor-completions',
    modes: () =>
      new Map(
        said('dpkg-deb', '--contents', debFile(packed))
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/\s+/))
          .map(([mode = '', owner = '', , , , file = '']) => [file.slice(1), `${mode} ${owner}`]),
      ),
    needs: () => said('dpkg-deb', '--field', debFile(packed), 'Depends', 'Recommends'),
    install(folder) {
      mkdirSync(path.join(folder, 'var/lib/dpkg/info'), { recursive: true });
      mkdirSync(path.join(folder, 'var/lib/dpkg/updates'));
      writeFileSync(path.join(folder, 'var/lib/dpkg/status'), '');
      dpkg(folder, '--install', debFile(packed));
    },
    remove: (folder) => dpkg(folder, '--purge', 'tare'),
  },
  rpm: {
    zsh: 'site-functions',
    modes: () =>
      new Map(
        said(
          'rpm',
          '-qp',
          '--qf',
          '[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME}\n]',
          rpmFile(packed),
        )
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/ (.*)/))
          .map(([file = '', mode = '']) => [file, mode]),
      ),
    needs: () => said('rpm', '-qp', '--requires', '--recommends', rpmFile(packed)),
    install: (folder) => rpm(folder, '--install', rpmFile(packed)),
    remove: (folder) => rpm(folder, '--erase', 'tare'),
  },
});
