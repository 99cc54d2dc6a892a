/** Ordinary services for the real tests, of Debian's packages, so that no registry is needed and nothing depends on one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type Docker from 'dockerode';
import os from 'node:os';
import path from 'node:path';
import { probeOf, type PlanInput, type ServiceName } from '../../main/contract/plan';
import { openDocker } from '../../main/engine/base/docker/client';
import { debianBases } from '../../main/engine/images/guest/serviceRoots';
import { ensureBuiltin } from '../../main/engine/images/image/builtin';
import type { DebianBases } from '../../main/engine/images/image/services';
import { openLedger } from '../../main/engine/base/process/ledger';
import { freePort } from '../../main/engine/base/process/ports';
import { sharedCache } from './cache';
import { docker } from './images';

const workloadsFolder = path.resolve(import.meta.dirname, '../../assets/workloads');

export const testBases = (docker: Docker): DebianBases =>
  debianBases(docker, path.join(workloadsFolder, 'debian'), { cacheFolder: sharedCache() });

/** The service's image; made once per machine and kept. */
export async function serviceImage(name: ServiceName): Promise<string> {
  const { docker } = await openDocker();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-service-'));
  const ledger = openLedger(path.join(folder, 'ledger'));
  const scope = {
    ledger,
    signal: new AbortController().signal,
    progress: () => undefined,
    freePort,
    known: new Map(),
  };
  try {
    const bases = testBases(docker);
    const base = (await bases.find(name)) ?? (await bases.make(name, scope));
    return await ensureBuiltin(docker, name, path.join(workloadsFolder, name), { base }, scope);
  } finally {
    ledger.close();
    rmSync(folder, { recursive: true });
  }
}

const mebibyte = 1024 * 1024;

type ServiceWorkload = PlanInput['workloads'][number] & { port: number };
type OfReference = ServiceWorkload & { image: { reference: string } };

/** A workload of the preset `services`, with an image of Debian's packages. */
export async function serviceWorkload(name: ServiceName): Promise<OfReference> {
  const reference = await serviceImage(name);
  const { exposed } = await configuration(reference);
  return {
    name,
    image: { kind: 'reference', reference },
    probe: probeOf(name),
    limits: { memoryBytes: 512 * mebibyte },
    port: exposed,
  };
}

async function configuration(reference: string): Promise<{ exposed: number; command: string[] }> {
  const { docker } = await openDocker();
  const { Config } = await docker.getImage(reference).inspect();
  return { exposed: parseInt(Object.keys(Config.ExposedPorts ?? {})[0]!, 10), command: Config.Cmd ?? [] };
}

/**
 * The same on a port that nobody has: as plain processes, and as several at once, services listen on the computer's own.
 * @param folder  for what an image of its own is built from, where the port stands in a file
 */
export async function serviceOnFreePort(name: ServiceName, folder: string): Promise<ServiceWorkload> {
  const workload = await serviceWorkload(name);
  const { reference } = workload.image;
  const { exposed: usual, command: words } = await configuration(reference);
  const port = await freePort();
  const command = words.map((word) => (word === String(usual) ? String(port) : word));
  if (command.includes(String(port))) return { ...workload, port, command };
  const text = readFileSync(path.join(workloadsFolder, name, 'nginx.conf'), 'utf8');
  const here = mkdtempSync(path.join(folder, `${name}-`));
  writeFileSync(path.join(here, 'nginx.conf'), text.replace(`listen ${usual};`, `listen ${port};`));
  writeFileSync(path.join(here, 'Dockerfile'), `FROM ${reference}\nCOPY nginx.conf /etc/nginx/tare.conf\n`);
  return { ...workload, image: { kind: 'folder', path: here }, port };
}

/** Removes such a folder, and the images that were built from what lies in it. */
export async function removeWithImages(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const built = `reference=tare/folder-${name.toLowerCase()}`;
    const images = (await docker('images', '--quiet', '--filter', built)).split('\n').filter(Boolean);
    if (images.length > 0) await docker('rmi', '--force', ...images);
  }
  rmSync(folder, { recursive: true });
}
