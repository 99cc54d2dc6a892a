import { ownFiles, type HostFiles } from './hostFiles';

/** How many files a process may have open (RLIMIT_NOFILE); absent where nothing limits it. */
export interface OpenFiles {
  soft?: number;
  hard?: number;
}

/** Nothing of it is known of a process that has ended, and where there is no /proc. */
export function openFilesOf(pid: number, files: HostFiles = ownFiles): OpenFiles {
  try {
    return parseOpenFiles(files.read(`/proc/${pid}/limits`));
  } catch {
    return {};
  }
}

/** Pure part of {@link openFilesOf}. */
export function parseOpenFiles(limits: string): OpenFiles {
  const [, soft = '', hard = ''] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(limits) ?? [];
  const number = (text: string) => (/^\d+$/.test(text) ? Number(text) : undefined);
  const [least, most] = [number(soft), number(hard)];
  return { ...(least !== undefined && { soft: least }), ...(most !== undefined && { hard: most }) };
}
