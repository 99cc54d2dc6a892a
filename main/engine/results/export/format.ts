/** What a format has to do: every writer of this folder implements it, and exporter.ts lists them. */
import type { Locale } from '../../../contract/appearance';
import type { Run } from '../../../contract/run/run';

interface ExportedFile<Content> {
  /** inside the folder asked for; undefined when the path asked for is the file itself */
  name?: string | undefined;
  /** its name, where it lies in the folder of the file asked for */
  beside?: string;
  content: Content;
}

/**
 * Prints a page to A4 with its page numbers at the foot, as text that can be searched and copied.
 * @throws {TareError} `browser-missing` · `program-failed`
 */
export type PdfPrinter = (page: string) => Promise<Uint8Array>;

/** What a writer cannot do by itself. */
export interface ExportTools {
  printPdf: PdfPrinter;
}

/** Where files go. */
interface Placing {
  /** what files beside the one asked for are called after; absent where only one can be had */
  stem?: string;
  /** one file is asked for, where the format is a folder of pictures otherwise */
  one?: boolean;
}

/** A format: from a run, or another record, to its files, without touching a disk. */
export interface Exporter<Of = Run> {
  files(
    run: Of,
    locale: Locale,
    tools: ExportTools & Placing,
  ): Promise<ExportedFile<string | Uint8Array>[]> | ExportedFile<string | Uint8Array>[];
}

/** A format that is text: the same bytes for the same run. */
export interface TextExporter<Of = Run> extends Exporter<Of> {
  files(run: Of, locale: Locale, placing?: Placing): ExportedFile<string>[];
}
