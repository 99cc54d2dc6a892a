import path from 'node:path';
import type { ExportFormat } from '../../../contract/exports';
import type { Door } from '../door';
import { findRun } from '../records';

/** `tare export`: writes a kept run in another form and prints the names of the files written. */
export async function exportRun(
  door: Door,
  word: string,
  { format, out, published = false }: { format: ExportFormat; out: string; published?: boolean },
): Promise<void> {
  const engine = door.engine();
  const id = await findRun(engine, word, door.locale);
  const target = path.resolve(door.terminal.cwd, out);
  const files = await engine.exportRun({ id, format, path: target, locale: door.locale, published });
  for (const file of files) door.out.line(file);
}
