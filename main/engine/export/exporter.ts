import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { ExportFormat, Locale } from '../../contract/calls';
import type { Run } from '../../contract/run';
import { TareError } from '../errors';
import { csv } from './csv';
import { json } from './json';
import { markdown } from './markdown';
import { svg } from './svg';

interface ExportedFile {
  /** inside the folder asked for; undefined when the path asked for is the file itself */
  name?: string;
  content: string;
}

/** A format: from a run to the text of its files, without touching a disk. */
export interface Exporter {
  files(run: Run, locale: Locale): ExportedFile[];
}

const exporters: Record<ExportFormat, Exporter> = { json, csv, md: markdown, svg };

/**
 * Writes `run` in a format: what is in its record, nothing computed anew. A file that is there already is replaced in one
 * step, or kept whole when that fails.
 * @param target  a file; for svg a folder, made if it is not there
 * @returns the files written
 * @throws {TareError} `write-failed`
 */
export async function exportRun(
  run: Run,
  format: ExportFormat,
  target: string,
  locale: Locale,
): Promise<string[]> {
  const written: string[] = [];
  for (const { name, content } of exporters[format].files(run, locale)) {
    const file = path.resolve(name === undefined ? target : path.join(target, name));
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFileAtomic(file, content);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new TareError({ code: 'write-failed', path: file, reason }, { cause: error });
    }
    written.push(file);
  }
  return written;
}
