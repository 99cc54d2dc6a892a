import { readFileSync } from 'node:fs';

/**
 * How many files a process may have open (RLIMIT_NOFILE, the soft one). Undefined when it has ended, where there is no /proc, and where
 * nothing limits it.
 */
export function openFilesOf(pid: number): number | undefined {
  try {
    return parseOpenFiles(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Pure part of {@link openFilesOf}. */
export function parseOpenFiles(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}
