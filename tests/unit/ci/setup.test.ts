/** What .ci/setup.sh does to a computer that lacks packages: it says what, and asks whoever sits at a terminal. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const setup = path.resolve(import.meta.dirname, '../../../.ci/setup.sh');
let folder: string;
const installed = () => path.join(folder, 'installed');

const program = (name: string, text: string) =>
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-setup-'));
  for (const name of ['bash', 'dirname', 'find', 'uname'])
    symlinkSync(`/usr/bin/${name}`, path.join(folder, name));
  program('id', 'echo 0');
  // what would be installed, and then it fails: the rest of the script is not looked at
  program('apt-get', `if [ "$1" = install ]; then echo "$*" >${installed()}; exit 7; fi`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const inside = (environment: Record<string, string> = {}) => ({
  env: { PATH: folder, ...environment },
  encoding: 'utf8' as const,
});
const lacking = /install the Debian packages .*docker-cli.*\?\n? +To undo it: apt-get purge .*docker-cli/s;

describe.runIf(process.platform === 'linux')('a computer that lacks packages', () => {
  it.each<Record<string, string>>([{}, { CI: 'true' }, { TARE_SETUP: 'yes' }])(
    'is given them where nobody can be asked, and %j, with what undoes it',
    (given) => {
      const { status, stderr } = spawnSync('bash', [setup, 'window'], { ...inside(given), input: '' });
      expect(status).toBe(7);
      expect(readFileSync(installed(), 'utf8')).toMatch(/^install .*docker-cli/);
      expect(stderr).toContain('To undo it: apt-get purge');
    },
  );

  it.each<[Record<string, string>, boolean]>([
    [{ CI: 'true' }, true],
    [{}, false],
    [{ TARE_SETUP: 'yes' }, false],
  ])('of an ordinary user who may become root without a password, with %j: %s', (given, does) => {
    program('id', 'echo 1000');
    program('sudo', 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"');
    program('true', '');
    const { status } = spawnSync('bash', [setup, 'containers'], { ...inside(given), input: '' });
    expect([status, existsSync(installed())]).toEqual(does ? [7, true] : [3, false]);
    if (does) expect(readFileSync(installed(), 'utf8')).not.toMatch(/qemu|erofs/);
  });

  it('is left alone where TARE_SETUP says no, with the command to type', () => {
    const { status, stderr } = spawnSync('bash', [setup, 'window'], inside({ TARE_SETUP: 'no' }));
    expect(status).toBe(3);
    expect(stderr).toMatch(/apt-get install .*docker-cli/);
    expect(existsSync(installed())).toBe(false);
  });

  it.each([
    ['y', true],
    ['n', false],
    ['', false],
  ])('at a terminal is given them after %j: %s', (answer, does) => {
    const words = ['-qec', `bash ${setup} window`, '/dev/null'];
    const { stdout } = spawnSync('/usr/bin/script', words, { ...inside(), input: `${answer}\n` });
    expect(stdout.replaceAll('\r', '')).toMatch(lacking);
    expect(existsSync(installed())).toBe(does);
  });
});
