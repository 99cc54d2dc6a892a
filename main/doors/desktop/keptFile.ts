import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';

/** What was kept; nothing when there is no file, or it cannot be understood: then it is as for the first time. */
export function readKept<S extends z.ZodType>(schema: S, file: string): z.output<S> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Synchronous: the last moment to keep something is while the window closes. A failure only costs the memory of it. */
export function keep(file: string, value: unknown): void {
  try {
    writeFileAtomic.sync(file, `${JSON.stringify(value)}\n`);
  } catch (error) {
    console.error('tare: this cannot be kept for the next start:', error);
  }
}
