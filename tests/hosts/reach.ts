/** How a person, or another program, reaches a host that is kept up. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Host } from './hosts';
import type { Machine } from './machine';
import { run } from './programs';

/**
 * Prints how to log in and how to reach its engine by ssh and by TLS. An `ssh` that knows the host's key is put into the run's folder,
 * since neither Docker nor Tare can be told of one.
 */
export async function tellHowToReach(
  { id, endpoint }: Host,
  machine: Machine,
  folder: string,
): Promise<void> {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const [ssh, ...options] = machine.ssh.slice(0, -1);
  writeFileSync(path.join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/${ssh} ${options.join(' ')} "$@"\n`);
  chmodSync(path.join(bin, 'ssh'), 0o755);
  console.log(`  ${machine.ssh.join(' ')}`);
  console.log(`  PATH=${bin}:$PATH DOCKER_HOST=ssh://tare-${id} docker info`);
  const certificates = await machine.shell('tar -C /etc/docker/client -cf - . 2>/dev/null | base64', {
    as: 'root',
  });
  if (endpoint === undefined && certificates.exit === 0 && certificates.stdout.length > 0) {
    const tls = path.join(folder, 'tls');
    mkdirSync(tls, { mode: 0o700 });
    writeFileSync(path.join(folder, 'tls.tar'), Buffer.from(certificates.stdout, 'base64'));
    await run(['tar', '-xf', path.join(folder, 'tls.tar'), '-C', tls]);
    console.log(
      `  DOCKER_HOST=tcp://127.0.0.1:${machine.dockerPort} DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=${tls} docker info`,
    );
  }
  console.log('  it is up until this is interrupted');
}
