import { closeSync, fchmodSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * A file without a name: nothing is left of it, and nobody reaches it but whom it is handed to.
 * @param name  for the instant in which it has one
 * @param mode  for those who may open it again by /proc/self/fd; by default nobody else
 */
export function namelessFile(folder: string, name: string, mode = 0o600): number {
  const file = path.join(folder, name);
  const descriptor = openSync(file, 'ax+', 0o600);
  rmSync(file);
  fchmodSync(descriptor, mode);
  return descriptor;
}

const longestOutput = 64 * 1024;

/** What a process prints, in a file without a name, so that nothing is left of it. Images write to /dev/stdout by name, which Node's own pipes refuse. */
export class Output {
  readonly descriptor: number;

  constructor(folder: string, name: string) {
    this.descriptor = namelessFile(folder, name, 0o666); // the image's user may open it again
  }

  /** the last 64 KiB */
  text(): string {
    const { size } = fstatSync(this.descriptor);
    const kept = Buffer.alloc(Math.min(size, longestOutput));
    const read = readSync(this.descriptor, kept, 0, kept.length, size - kept.length);
    return kept.subarray(0, read).toString();
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
