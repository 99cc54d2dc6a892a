/** Completion as each shell really does it: what `tare completion` prints is loaded, and the key is pressed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shells, type Shell } from '../../main/doors/cli/completion/scripts';

const program = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');
const home = mkdtempSync(path.join(os.tmpdir(), 'tare-completion-'));
const files: Record<Shell, string> = { bash: 'tare', zsh: '_tare', fish: 'tare.fish' };
const script = (shell: Shell) => path.join(home, shell, files[shell]);

beforeAll(() => {
  expect(existsSync(program), `${program} is absent: npm run build comes first`).toBe(true);
  const bin = path.join(home, 'bin');
  mkdirSync(bin);
  const start = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
  writeFileSync(path.join(bin, 'tare'), start, { mode: 0o755 });
  for (const shell of shells) {
    mkdirSync(path.join(home, shell));
    writeFileSync(script(shell), said('tare', ['completion', shell]));
  }
});
afterAll(() => rmSync(home, { recursive: true }));

function said(command: string, words: string[]): string {
  const env = {
    PATH: `${home}/bin:${process.env.PATH}`,
    ...{ HOME: home, LANG: 'C.UTF-8', TERM: 'dumb', XDG_DATA_HOME: `${home}/data`, XDG_CONFIG_HOME: home },
  };
  return execFileSync(command, words, { env, cwd: home, encoding: 'utf8', timeout: 60_000 });
}

const lines = (text: string): string[] => text.split('\n').filter(Boolean);

it('bash fills in commands, names, and the rest of a word that it takes apart itself', () => {
  const after = (line: string) =>
    lines(
      said('bash', [
        '--norc',
        '-c',
        'source "$1"; complete -p tare >/dev/null; COMP_LINE=$2 COMP_POINT=${#2}; _tare tare; printf "%s\\n" "${COMPREPLY[@]}"',
        'bash',
        script('bash'),
        line,
      ]),
    );
  expect(after('tare ex')).toEqual(['export', 'explain']);
  expect(after('tare run q')).toEqual(['quick']);
  expect(after('tare run --targets container,vm:di')).toEqual(['direct']);
  expect(after('tare export last --format=h')).toEqual(['html', 'hyperfine']);
  expect(after('tare show nothing-like-it')).toEqual([]);
});

it('zsh finds the script by its name in fpath, and tells what each word is', () => {
  // list-choices shows what the key would offer, and leaves the line as it is
  const session = `
    zmodload zsh/zpty
    zpty shell 'zsh -f -i'
    zpty -w shell 'fpath=($HOME/zsh $fpath); autoload -U compinit; compinit -u -D; bindkey "^I" list-choices; print re""ady'
    zpty -r shell seen '*ready*'
    after() { zpty -w -n shell $'\\x15'"$1"$'\\t'; zpty -r shell seen "$2"; print -r -- "$seen" }
    after 'tare ex' '*export*write a kept run to a file*explain*'
    after 'tare run --targets container,vm:di' '*container,vm:direct*VM*boot?*'
    zpty -d shell`;
  const text = said('zsh', ['-f', '-c', session]);
  expect(text).toMatch(/export +-- write a kept run to a file/);
  expect(text).toMatch(/container,vm:direct +-- VM \(direct boot\)/);
});

it('fish fills in commands and names, each with what it is', () => {
  const after = (line: string) =>
    lines(said('fish', ['-c', 'source $argv[1]; complete -C $argv[2]', script('fish'), line]));
  expect(after('tare ex')).toEqual([
    'export\twrite a kept run to a file',
    expect.stringMatching(/^explain\t/),
  ]);
  expect(after('tare run --targets container,vm:di')).toEqual(['container,vm:direct\tVM (direct boot)']);
  writeFileSync(path.join(home, 'plan.yaml'), '');
  expect(after('tare run ./plan')).toEqual(['./plan.yaml']);
});
