import path from 'node:path';
import {
  documentFormats,
  exportFormats,
  type DocumentFormat,
  type ExportFormat,
} from '../../../contract/exports';
import { badInput } from '../../../engine/base/errors';
import type { Door } from '../door';
import { findRun } from '../records';

interface ExportOptions {
  /** said by the end of the file's name where it is left out */
  format?: ExportFormat;
  /** `-` is stdout */
  out: string;
  published?: boolean;
  /** with the values of variables and whole paths, where the record has them */
  withValues?: boolean;
}

/** `tare export`: writes a kept run in another form and prints the names of the files written; or the file itself, where that is stdout. */
export async function exportRun(door: Door, word: string, options: ExportOptions): Promise<void> {
  const { out, published = false, withValues = false } = options;
  const format = options.format ?? formatOf(door, out);
  if (out === '-' && !isDocument(format)) throw badInput('cli.export.folder', { format });
  const engine = door.engine();
  const telling = { locale: door.locale, published, withValues };
  const id = await findRun(engine, word);
  if (out === '-' && isDocument(format)) {
    const file = await engine.renderRun({ run: { id }, format, ...telling });
    return door.out.bytes(Buffer.from(file.base64, 'base64'));
  }
  const target = path.resolve(door.terminal.cwd, out);
  const files = await engine.exportRun({ id, format, path: target, ...telling });
  for (const file of files) door.out.line(file);
}

const isDocument = (format: ExportFormat): format is DocumentFormat =>
  documentFormats.some((one) => one === format);

function formatOf(door: Door, out: string): ExportFormat {
  const ending = path.extname(out).slice(1).toLowerCase();
  const format = exportFormats.find((one) => one === ending);
  if (format) return format;
  throw badInput('cli.export.format', { formats: { list: [...exportFormats] } });
}
