/** A counter of the system that is read again and again: opened once, and read from its beginning each time. */
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

/** Files of /proc and of cgroups are shorter than this, and one read gives all of them. */
const buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * A file of the system that stays open. A reading is one call of the kernel: a fifth of what opening the file each time costs. A file
 * of /proc/PID that is kept open never tells of another process that was given the same number.
 */
export class KeptFile {
  private descriptor: number | undefined;
  private closed = false;

  constructor(private readonly path: string) {}

  /** @throws a system error once what it tells of is gone, or after `close` */
  text(): string {
    const descriptor = (this.descriptor ??= this.open());
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  }

  private open(): number {
    if (this.closed) throw Object.assign(new Error(`${this.path} is closed`), { code: 'EBADF' });
    return openSync(this.path, 'r');
  }

  /** Safe to call twice. */
  close(): void {
    this.closed = true;
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/** The files of one folder, each opened when it is first asked for. */
export class KeptFolder {
  private readonly files = new Map<string, KeptFile>();

  constructor(private readonly folder: string) {}

  /** @throws as `KeptFile` does */
  readonly text = (name: string): string => {
    const file = this.files.get(name) ?? new KeptFile(path.join(this.folder, name));
    this.files.set(name, file);
    return file.text();
  };

  close(): void {
    for (const file of this.files.values()) file.close();
  }
}
