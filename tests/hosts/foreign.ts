/** Programs of another architecture, for as long as a system of it is put together: the kernel hands them to QEMU. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Architecture } from './hosts';
import { run } from './programs';

const folder = '/proc/sys/fs/binfmt_misc';
const own: Architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
const emulators: Record<Architecture, string> = { amd64: 'qemu-x86_64', arm64: 'qemu-aarch64' };

/** @throws when it is another's architecture and nobody here may name its emulator to the kernel */
export async function withProgramsOf(architecture: Architecture, work: () => Promise<void>): Promise<void> {
  const name = emulators[architecture];
  if (architecture === own || existsSync(`${folder}/${name}`)) return work();
  const rule = `/usr/lib/binfmt.d/${name}.conf`;
  if (!existsSync(rule)) throw new Error('run this first: sudo apt-get install -y qemu-user-static');
  const isMounted = existsSync(`${folder}/register`);
  if (!isMounted) await run(['mount', '-t', 'binfmt_misc', 'binfmt_misc', folder]);
  try {
    writeFileSync(`${folder}/register`, readFileSync(rule, 'utf8').trim());
    try {
      await work();
    } finally {
      writeFileSync(`${folder}/${name}`, '-1');
    }
  } finally {
    if (!isMounted) await run(['umount', folder]);
  }
}
