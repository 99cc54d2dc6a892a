/** The program as it is packed for this system, with the Electron that is here: what a person gets who unpacks the archive. */
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productName, version } from '../../package.json';
import type { GuestPart } from '../../main/contract/machine';
import type { Run, RunSummary } from '../../main/contract/run/run';
import { home, openApp, root, virtualScreen, type Home } from '../support/window/app';
import { askMain } from '../support/window/main';
import { keepRun } from '../support/fakes/keptRun';
import { filesOf } from '../support/packed/asar';
import { debFile, installersIn, rpmFile, said } from '../support/packed/installers';
import { leftovers } from '../support/leaks';

const packed = mkdtempSync(path.join(os.tmpdir(), 'tare-packed-'));
const program = path.join(packed, 'linux-unpacked/tare-desktop');
const resources = path.join(packed, 'linux-unpacked/resources');

let own: Home;
let kept: Run;
beforeAll(async () => {
  own = home();
  // they are stored, not compressed: what is in them is looked at, not how small they are
  const options = [`-c.directories.output=${packed}`, '-c.compression=store'];
  const env = { ...process.env, TARE_PACK: 'fast', TARE_PACK_CACHE: own.environment.XDG_CACHE_HOME };
  const words = [path.join(root, '.ci/package.sh'), '--old-electron', 'tar.gz', 'deb', 'rpm', ...options];
  await promisify(execFile)('bash', words, { env });
  kept = keepRun(own);
});
afterAll(() => {
  own?.[Symbol.dispose]();
  rmSync(packed, { recursive: true, force: true });
});

/** Types a command into the packed command line. */
function tare(words: string[], environment: NodeJS.ProcessEnv = {}, command = `${resources}/bin/tare`) {
  const env = { ...process.env, ...own.environment, ...environment };
  return execFileSync(command, words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('what is packed', () => {
  it('is the program in one folder, with both languages and a command line that can be executed', async () => {
    const archive = path.join(packed, `Tare-${version}-linux-x64.tar.gz`);
    const { stdout } = await promisify(execFile)('tar', ['-tvzf', archive]);
    const listed = stdout.trimEnd().split('\n');
    const top = `Tare-${version}-linux-x64/`;
    const modes = new Map(
      listed.map((line) => [line.slice(line.indexOf(top) + top.length), line.slice(0, 10)]),
    );
    expect(listed.filter((line) => !line.includes(` ${top}`))).toEqual([]);
    for (const file of ['tare-desktop', 'resources/bin/tare'])
      expect(modes.get(file), file).toBe('-rwxr-xr-x');
    for (const file of ['init.c', 'kit.sh', 'kernel.sh'])
      expect([...modes.keys()]).toContain(`resources/app.asar.unpacked/assets/guest/${file}`);
    expect([...modes.keys()].filter((file) => /^locales\/./.test(file)).sort()).toEqual([
      'locales/en-US.pak',
      'locales/zh-CN.pak',
    ]);
    expect([...modes.keys()].filter((file) => /node_modules|\.(ts|svelte|map)$/.test(file))).toEqual([]);
  });

  it('has the bundles, the assets, the licence and nothing else in its archive', () => {
    const files = filesOf(path.join(resources, 'app.asar'));
    const tops = new Set(
      files.map(({ file }) =>
        file
          .split('/')
          .slice(0, file.startsWith('dist') ? 2 : 1)
          .join('/'),
      ),
    );
    expect([...tops].sort()).toEqual([
      'LICENSE',
      'assets',
      'dist/main',
      'dist/preload',
      'dist/renderer',
      'package.json',
    ]);
    const names = files.map(({ file }) => file);
    expect(names).toContain('dist/main/cli.cjs');
    expect(
      names.filter((file) =>
        /node_modules|\.map$|launch\.cjs$|NOTICES|^assets\/(bin|installers|screenshots)\//.test(file),
      ),
    ).toEqual([]);
    // programs outside Electron read the assets: all lie beside the archive, as they are in the sources
    expect(files.filter(({ file, unpacked }) => unpacked !== file.startsWith('assets/'))).toEqual([]);
    const beside = path.join(resources, 'app.asar.unpacked');
    for (const { file } of files.filter(({ unpacked }) => unpacked))
      expect(readFileSync(path.join(beside, file)).equals(readFileSync(path.join(root, file))), file).toBe(
        true,
      );
  });
});

it('is a release: nobody looks into it while it runs, and it runs what was packed', async () => {
  const [isOff, isOn] = [0x30, 0x31]; // the library's `FuseState`, which it does not export
  expect(await getCurrentFuseWire(program)).toMatchObject({
    [FuseV1Options.RunAsNode]: isOn, // its command line
    [FuseV1Options.EnableCookieEncryption]: isOn,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: isOff,
    [FuseV1Options.EnableNodeCliInspectArguments]: isOff,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: isOn,
    [FuseV1Options.OnlyLoadAppFromAsar]: isOn,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: isOff,
  });
});

/** The same program with the inspector on, which is how Playwright drives a window. */
async function inspectable(): Promise<string> {
  const copy = path.join(packed, 'inspectable');
  execFileSync('cp', ['-a', path.dirname(program), copy]);
  const copied = path.join(copy, path.basename(program));
  await flipFuses(copied, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  return copied;
}

describe('its command line', () => {
  it('runs on the program itself, whatever NODE_OPTIONS are set, and through a link', () => {
    const intruder = path.join(packed, 'intruder.cjs');
    writeFileSync(intruder, `require('node:fs').writeFileSync(${JSON.stringify(`${intruder}.ran`)}, '')`);
    const link = path.join(packed, 'tare');
    symlinkSync(path.join(resources, 'bin/tare'), link);
    for (const command of [undefined, link])
      expect(tare(['--version'], { NODE_OPTIONS: `--require=${intruder}` }, command).trim()).toBe(version);
    expect(readdirSync(packed)).not.toContain('intruder.cjs.ran');
    const listed = JSON.parse(tare(['list', '--json'])) as RunSummary[];
    expect(listed.map(({ id }) => id)).toEqual([kept.id]);
  });

  it('measures and draws with what it brings along', () => {
    const out = path.join(packed, 'picture');
    const targets = 'container,vm:direct,vm:micro';
    const words = ['--workload', 'web', '--targets', targets, '--trials', '1', '--json'];
    // a cache in which nothing was ever made
    const cache = { XDG_CACHE_HOME: path.join(packed, 'cache') };
    const run = JSON.parse(tare(['run', ...words, '--data-folder', path.join(packed, 'data')], cache)) as Run;
    expect(run.trials.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(leftovers(run.session)).toEqual([]);
    const drawn = tare(['export', kept.id, '--format', 'svg', '--lang', 'zh-CN', '--out', out]);
    const pictures = ['answer', ...kept.report!.charts.map(({ id }) => id)];
    expect(drawn.trimEnd().split('\n')).toEqual(pictures.map((id) => path.join(out, `${id}.svg`)));
  });
});

describe.each(Object.entries(installersIn(packed)))(
  'the .%s',
  (kind, { zsh, modes, needs, install, remove }) => {
    const assets = '/usr/lib/tare/resources/app.asar.unpacked/assets';

    it('has the program, the command line, entry, icons, manual, completions, licences, and the parts of the guest', () => {
      const files = modes();
      const names = [...files.keys()];
      for (const file of [
        '/usr/bin/tare',
        '/usr/bin/tare-desktop',
        '/usr/lib/tare/tare-desktop',
        '/usr/lib/tare/LICENSES.chromium.html',
        '/usr/lib/tare/resources/THIRD-PARTY-NOTICES.txt',
        '/usr/share/applications/tare-desktop.desktop',
        ...[16, 32, 48, 64, 128, 256, 512].map(
          (size) => `/usr/share/icons/hicolor/${size}x${size}/apps/tare-desktop.png`,
        ),
        '/usr/share/icons/hicolor/scalable/apps/tare-desktop.svg',
        '/usr/share/man/man1/tare.1.gz',
        '/usr/share/man/man1/tare-desktop.1.gz',
        '/usr/share/bash-completion/completions/tare',
        `/usr/share/zsh/${zsh}/_tare`,
        '/usr/share/fish/vendor_completions.d/tare.fish',
        ...['SOURCES.txt', 'GPL-2.txt', 'LGPL-2.1.txt'].map((file) => `${assets}/guest-parts/${file}`),
      ])
        expect(names).toContain(file);
      for (const file of [
        'kit-[^/]+/init',
        'kit-[^/]+/busybox',
        'kit-[^/]+/kit.json',
        'kernel-[^/]+/vmlinux',
      ])
        expect(names.filter((name) => new RegExp(`^${assets}/guest-parts/${file}$`).test(name))).toHaveLength(
          1,
        );
      expect(new Set([...files.values()].map((mode) => mode.split(' ')[1]))).toEqual(new Set(['root/root']));
      // Chromium's sandbox, and nothing else
      expect(names.filter((name) => files.get(name)!.includes('s'))).toEqual(
        names.filter((name) => name === '/usr/lib/tare/chrome-sandbox'),
      );
      expect(names.filter((name) => !name.startsWith('/usr') && name !== '/')).toEqual([]);
    });

    it('asks for the libraries of a window, and recommends an engine, QEMU and what makes disks', () => {
      const asked = needs();
      for (const library of [/gtk-3/, /nss3/, /gbm/, /asound/]) expect(asked).toMatch(library);
      for (const program of [/docker/, /podman/, /qemu-system/, /erofs-utils/])
        expect(asked).toMatch(program);
      // its own, and what only guests and workloads need
      expect(asked).not.toMatch(/ffmpeg|python|busybox/);
    });

    it.runIf(process.getuid?.() === 0)('is installed, runs, and is removed without a trace', () => {
      const folder = path.join(packed, `root-${kind}`);
      mkdirSync(folder);
      install(folder);
      const command = path.join(folder, 'usr/bin/tare');
      expect(tare(['--version'], {}, command).trim()).toBe(version);
      const cache = { XDG_CACHE_HOME: path.join(packed, 'cache') };
      const parts = JSON.parse(tare(['guest', 'list', '--json'], cache, command)) as GuestPart[];
      expect(parts.map(({ kernel, facts }) => [kernel, facts?.origin])).toEqual([
        ['distribution', 'package'],
        ['minimal', 'package'],
      ]);
      const page = path.join(folder, 'usr/share/man/man1/tare.1.gz');
      const read = spawnSync('man', ['--warnings', '--encoding=UTF-8', '-l', page], { encoding: 'utf8' });
      const stdout = expect.stringMatching(/OPTIONS[^]*tare image build[^]*EXIT STATUS/) as string;
      expect(read).toMatchObject({ status: 0, stderr: '', stdout });
      remove(folder);
      // folders of an empty system that every package shares may stay
      const rest = readdirSync(folder, { recursive: true, withFileTypes: true });
      const inUsr = (one: Dirent) => one.isFile() && one.parentPath.includes('/usr/');
      expect(rest.filter((one) => /^_?tare/.test(one.name) || inUsr(one))).toEqual([]);
    });
  },
);

it('each package has its bill of materials beside it', () => {
  for (const file of [
    debFile(packed),
    rpmFile(packed),
    path.join(packed, `Tare-${version}-linux-x64.tar.gz`),
  ]) {
    const bill = readFileSync(`${file}.cdx.json`, 'utf8');
    expect(bill).toContain(createHash('sha256').update(readFileSync(file)).digest('hex'));
    for (const part of ['pkg:npm/zod@', 'pkg:github/electron/', 'pkg:deb/debian/busybox-static@'])
      expect(bill, file).toContain(part);
  }
});

it('the .deb is a package as Debian wants it, but for the libraries in Chromium', () => {
  const words = ['--allow-root', '--fail-on', 'error', debFile(packed)];
  expect(
    said('lintian', ...words)
      .split('\n')
      .filter((line) => line.startsWith('E:')),
  ).toEqual([]);
});

it('opens its window, with a sandboxed page that shows a kept run', async () => {
  await using screen = await virtualScreen();
  const { app, page, problems } = await openApp(screen, own, { program: await inspectable() });
  const facts = await askMain(app, ({ app: self, BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration } = contents.getLastWebPreferences();
    return {
      packaged: self.isPackaged,
      words: [self.getName(), self.getVersion(), self.getPath('userData').split('/').at(-1)],
      page: { sandbox, contextIsolation, nodeIntegration },
    };
  });
  expect(facts).toEqual({
    packaged: true,
    words: [productName, version, productName],
    page: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  // Wayland finds the icon of a running window by this name: electron-builder calls the installed entry after the program
  const read = `require(${JSON.stringify(path.join(resources, 'app.asar/package.json'))}).desktopName`;
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  expect(execFileSync(program, ['-p', read], { env, encoding: 'utf8' }).trim()).toBe('tare-desktop.desktop');

  expect(await page.evaluate(() => Object.keys(window.tare ?? {}))).toEqual([
    'call',
    'nativeShell',
    'onEvents',
    'onCommand',
  ]);
  await page.getByRole('link', { name: 'History' }).click();
  const row = page.getByRole('row', { name: 'Three small apps' });
  await row.getByRole('link', { name: /web.*api.*worker/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Three small apps' }).waitFor();
  await page.getByRole('button', { name: 'Export', exact: true }).waitFor();
  expect(await page.locator('main figure svg circle').count()).toBeGreaterThan(0);
  expect(problems).toEqual([]);
  await app.close();
});
