/** How a person, or another program, reaches the engine of a host from this computer. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Host } from './hosts';
import type { Machine } from './machine';
import { run } from './programs';

export type Way = 'ssh' | 'tls';
export type Ways = Partial<Record<Way, string>>;

/**
 * What is typed before a command here so that it talks to the host's engine, by each way that there is. An `ssh` that knows the host's key
 * is put into the run's folder, since neither Docker nor Tare can be told of one.
 */
export async function waysTo({ id, endpoint }: Host, machine: Machine, folder: string): Promise<Ways> {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const [ssh, ...options] = machine.ssh.slice(0, -1);
  writeFileSync(path.join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/${ssh} ${options.join(' ')} "$@"\n`);
  chmodSync(path.join(bin, 'ssh'), 0o755);
  const bySsh = { ssh: `PATH=${bin}:$PATH DOCKER_HOST=ssh://tare-${id}` };
  const certificates = await machine.shell('tar -C /etc/docker/client -cf - . 2>/dev/null | base64', {
    as: 'root',
  });
  if (endpoint !== undefined || certificates.exit !== 0 || certificates.stdout.length === 0) return bySsh;
  const tls = path.join(folder, 'tls');
  mkdirSync(tls, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, 'tls.tar'), Buffer.from(certificates.stdout, 'base64'));
  await run(['tar', '-xf', path.join(folder, 'tls.tar'), '-C', tls]);
  const variables = [`DOCKER_HOST=tcp://127.0.0.1:${machine.dockerPort}`, 'DOCKER_TLS_VERIFY=1'];
  return { ...bySsh, tls: [...variables, `DOCKER_CERT_PATH=${tls}`].join(' ') };
}

/** Prints how to log in and how to reach its engine. */
export async function tellHowToReach(host: Host, machine: Machine, folder: string): Promise<void> {
  console.log(`  ${machine.ssh.join(' ')}`);
  for (const way of Object.values(await waysTo(host, machine, folder))) console.log(`  ${way} docker info`);
  console.log('  it is up until this is interrupted');
}
