/**
 * Fills in what installers are made of, from package.json, electron-builder.yml and assets/installers. Called by package.sh:
 *   packaging.js parts LIST FOLDER      copies the guest's parts that `tare guest list --json` named, and tells their sources
 *   packaging.js tree UNPACKED FOLDER   lays out root/ (what is installed), debian/ and tare.spec
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const here = path.resolve(import.meta.dirname, '..');
const read = (file) => fs.readFileSync(path.join(here, file), 'utf8');
const { version } = JSON.parse(read('package.json'));
const { linux } = parse(read('electron-builder.yml'));
const [, copyright] = /^Copyright \(c\) (.*)$/m.exec(read('LICENSE'));

/** A text of assets/installers with its @NAMES@ filled in. */
function fill(name, facts) {
  return read(`assets/installers/${name}`).replace(/@([A-Z_]+)@/g, (_, fact) => facts[fact]);
}

function write(file, text, mode = 0o644) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode });
}

/** A build of the same sources by Debian ends with +bN. */
const sourceVersion = (built) => built.replace(/\+b\d+$/, '');
const sourceOf = ({ name, version: built }) => ({
  name: name.startsWith('linux-') ? 'linux' : name.replace(/-static$/, ''),
  version: sourceVersion(built),
});

function stageParts(listFile, folder) {
  const listed = JSON.parse(fs.readFileSync(listFile, 'utf8'));
  fs.rmSync(folder, { recursive: true, force: true });
  const sources = new Set([cLibrary()]);
  let told = '';
  for (const { facts } of listed) {
    if (!facts) continue;
    const name = path.basename(facts.folder);
    fs.cpSync(facts.folder, path.join(folder, name), { recursive: true, dereference: true });
    const manifest = JSON.parse(
      fs.readFileSync(path.join(facts.folder, `${name.split('-')[0]}.json`), 'utf8'),
    );
    told += `${name}: ${manifest.files.map((file) => file.name).join(', ')}\n`;
    for (const part of manifest.packages) {
      const source = sourceOf(part);
      told += `    from ${part.name} ${part.version}, sha256 ${part.sha256}\n`;
      sources.add(`${source.name} ${source.version}`);
    }
    told += '\n';
  }
  const addresses = [...sources].sort().map((source) => {
    const [name, at] = source.split(' ');
    return `${source}\n    https://snapshot.debian.org/package/${name}/${at}/\n`;
  });
  const facts = { PARTS: told, SOURCES: addresses.join(''), MAINTAINER: linux.maintainer };
  write(path.join(folder, 'SOURCES.txt'), fill('SOURCES.txt', facts));
  for (const licence of ['GPL-2', 'LGPL-2.1'])
    fs.copyFileSync(`/usr/share/common-licenses/${licence}`, path.join(folder, `${licence}.txt`));
}

/** The one that `init` is linked with on this system. */
const cLibrary = () =>
  execFileSync('dpkg-query', ['-W', '-f', '${source:Package} ${source:Version}', 'libc6-dev'], {
    encoding: 'utf8',
  });

const iconSizes = [16, 32, 48, 64, 128, 256, 512];

function layOut(unpacked, folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const usr = path.join(folder, 'root/usr');
  const program = path.join(usr, 'lib/tare');
  fs.mkdirSync(path.dirname(program), { recursive: true });
  execFileSync('cp', ['-a', unpacked, program]);
  // of their symbols nobody makes use, as there are no debug files to them
  const binaries = fs.readdirSync(program).filter((name) => isElf(path.join(program, name)));
  execFileSync('strip', ['--strip-unneeded', ...binaries], { cwd: program });
  // Electron wants it setuid root for systems where users may not have namespaces
  const helper = path.join(program, 'chrome-sandbox');
  if (fs.existsSync(helper)) fs.chmodSync(helper, 0o4755);
  fs.mkdirSync(path.join(usr, 'bin'));
  fs.symlinkSync('../lib/tare/resources/bin/tare', path.join(usr, 'bin/tare'));
  fs.symlinkSync(`../lib/tare/${linux.executableName}`, path.join(usr, 'bin', linux.executableName));

  const share = path.join(usr, 'share');
  write(path.join(share, `applications/${linux.executableName}.desktop`), desktopEntry());
  const icons = path.join(share, 'icons/hicolor');
  for (const size of iconSizes)
    write(
      path.join(icons, `${size}x${size}/apps/${linux.executableName}.png`),
      fs.readFileSync(path.join(here, `assets/icons/tare-${size}.png`)),
    );
  write(path.join(icons, `scalable/apps/${linux.executableName}.svg`), read('assets/icons/tare.svg'));

  const now = new Date();
  const facts = {
    VERSION: version,
    // a version before another one: 1.0.0-beta.1
    DEBIAN_VERSION: version.replace('-', '~'),
    RPM_VERSION: version.replace('-', '~'),
    MAINTAINER: linux.maintainer,
    SYNOPSIS: linux.synopsis,
    DESCRIPTION: linux.description.replace(/(.{1,70})(?: |$)/g, '$1\n ').trimEnd(),
    COPYRIGHT: copyright,
    EXPAT: read('LICENSE')
      .trim()
      .split('\n')
      .slice(4)
      .map((line) => ` ${line || '.'}`)
      .join('\n'),
    DATE: now.toUTCString().replace('GMT', '+0000'),
    MONTH: now.toISOString().slice(0, 7),
    REFERENCE: told('manual').trimEnd(),
  };
  write(path.join(share, 'man/man1/tare.1'), fill('tare.1', facts));
  write(path.join(share, `man/man1/${linux.executableName}.1`), '.so man1/tare.1\n');
  // where Debian's shells look; tare.spec moves the one of zsh to where those of Fedora do
  write(path.join(share, 'bash-completion/completions/tare'), told('completion', 'bash'));
  write(path.join(share, 'zsh/vendor-completions/_tare'), told('completion', 'zsh'));
  write(path.join(share, 'fish/vendor_completions.d/tare.fish'), told('completion', 'fish'));
  for (const name of fs.readdirSync(path.join(here, 'assets/installers/debian'), { recursive: true })) {
    const from = path.join(here, 'assets/installers/debian', name);
    if (fs.statSync(from).isFile())
      write(path.join(folder, 'debian', name), fill(`debian/${name}`, facts), fs.statSync(from).mode & 0o777);
  }
  write(path.join(folder, 'tare.spec'), fill('tare.spec', facts));
}

function isElf(file) {
  if (!fs.statSync(file).isFile()) return false;
  const start = Buffer.alloc(4);
  const opened = fs.openSync(file);
  fs.readSync(opened, start, 0, 4, 0);
  fs.closeSync(opened);
  return start.toString('latin1') === '\x7fELF';
}

function desktopEntry() {
  const entry = {
    ...linux.desktop.entry,
    Type: 'Application',
    Exec: linux.executableName,
    Icon: linux.executableName,
    Categories: `${linux.category};`,
    Terminal: false,
  };
  const lines = Object.entries(entry).map(([key, value]) => `${key}=${value}`);
  return ['[Desktop Entry]', ...lines, ''].join('\n');
}

/** What the command line tells of itself. */
const told = (...words) =>
  execFileSync('node', [path.join(here, 'dist/main/cli.cjs'), '--lang', 'en', ...words], {
    encoding: 'utf8',
  });

const [command, from, to] = process.argv.slice(2);
if (command === 'parts') stageParts(from, to);
else layOut(from, to);
