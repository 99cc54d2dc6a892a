/** A `tare` that notes how it was called and does what a test wants, in the place of the one that measures. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Its words end with a line of their own: words may have several lines. */
const end = '<end of word>';

/** Of the first run, and of the one that confirms it. */
export const runs = ['20261126-190000-aaaa', '20261126-190100-bbbb'] as const;

const script = `#!/bin/bash
for word; do printf '%s\\n${end}\\n' "$word" >>"$FAKE_LOG"; done
printf '<end of call>\\n' >>"$FAKE_LOG"
for word; do case $word in --out=*) out=\${word#--out=} ;; esac; done
record() { printf '{\\n  "schemaVersion": 2,\\n  "id": "%s",\\n  "plan": { "id": "x" }\\n}\\n' "$2" >"$1"; }
case $2 in
  ab)
    if [ -n "$FAKE_HANGS" ]; then
      trap 'echo ended >"$FAKE_LOG.ended"; exit 130' TERM
      echo begun >"$FAKE_LOG.begun"
      while :; do read -r -t 0.05 <> <(:) || true; done
    fi
    [ "$FAKE_EXIT" = 2 ] && exit 2
    record "$out" ${runs[0]}
    [ "$FAKE_EXIT" = 4 ] && record "\${out%.json}-confirm.json" ${runs[1]}
    printf 'b takes as long as a\\n::error::not for the runner\\n\\nfound in\\nboth runs\\n'
    exit "\${FAKE_EXIT:-0}" ;;
  export)
    run=$3
    while [ "$1" != --out ]; do shift; done
    echo "\${4:-report} of $run" >"$2" ;;
esac
`;

export interface FakeTare {
  /** a folder for the PATH */
  bin: string;
  environment: Record<string, string>;
  /** words of each call so far */
  calls: () => string[][];
  begun: () => boolean;
  ended: () => boolean;
}

export function fakeTare(folder: string, changes: Record<string, string> = {}): FakeTare {
  const [bin, log] = [path.join(folder, 'bin'), path.join(folder, 'log')];
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, 'tare'), script, { mode: 0o755 });
  const calls = () =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('<end of call>\n')
          .slice(0, -1)
          .map((call) => call.split(`\n${end}\n`).slice(0, -1))
      : [];
  return {
    bin,
    environment: { PATH: `${bin}:${process.env.PATH ?? ''}`, FAKE_LOG: log, ...changes },
    calls,
    begun: () => existsSync(`${log}.begun`),
    ended: () => existsSync(`${log}.ended`),
  };
}
