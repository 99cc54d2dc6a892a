/** Hosts that are no other computers: an `ssh` in front of the person's own leads each to a folder of its own on this one. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, type Home } from './app';

/**
 * An ssh that reaches every host whose name begins with `bench`, and finds no other: what `tare agent` does there is real, on data and a
 * machine's lock of the host's own. The Tare that is started with `environment` uses it.
 */
export function withHosts(own: Home): void {
  const folder = path.join(own.folder, 'bin');
  mkdirSync(folder);
  const hosts = path.join(own.folder, 'hosts');
  const cli = path.join(root, 'dist/main/cli.cjs');
  const file = path.join(folder, 'ssh');
  writeFileSync(
    file,
    `#!/bin/sh
while [ "$1" != -- ]; do shift; done
case $2 in
  bench*)
    mkdir -p "${hosts}/$2/lock"
    export TARE_LOCK_DIR="${hosts}/$2/lock" XDG_DATA_HOME="${hosts}/$2/data" XDG_CONFIG_HOME="${hosts}/$2/config"
    exec "${process.execPath}" "${cli}" agent --stdio ;;
  *)
    echo "ssh: Could not resolve hostname $2: Name or service not known" >&2
    exit 255 ;;
esac
`,
  );
  chmodSync(file, 0o755);
  own.environment.PATH = `${folder}:${process.env.PATH}`;
}
