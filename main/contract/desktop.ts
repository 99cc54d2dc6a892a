/** What only a window of its own can do: the native shell around the page. A browser has its own ways for these. */
import { z } from 'zod';
import { entry, largestChart, usualBytes } from './access';
import {
  ChartFormat,
  ChartSource,
  DocumentFormat,
  mostRecordBytes,
  RunSource,
  type OpenedRecord,
} from './exports';
import type { Failure } from './failures';
import { Locale, Theme } from './appearance';

const small = { mostBytes: usualBytes };

/** Where a file was written. */
export interface Saved {
  path: string;
}

/** A place that a person pointed at. */
export interface Chosen {
  path: string;
}

/** What a person looks for with the system's own dialog. */
export const Wanted = z.enum(['folder', 'file', 'program']);
export type Wanted = z.infer<typeof Wanted>;

/** What the page shows, and how: the menu offers what fits, and everything around the page looks like it. */
const PageLook = z.object({ exportable: z.boolean(), theme: Theme, locale: Locale });
export type PageLook = z.infer<typeof PageLook>;

/** Every request the page may make of its native shell. What is not in this table cannot be asked. */
export const nativeShellCalls = {
  /** asks where to, then writes; null when the person thinks better of it */
  saveRun: entry(
    { mostBytes: mostRecordBytes },
    z.object({ run: RunSource, format: DocumentFormat, published: z.boolean().default(false) }),
  ).gives<Saved | null>(),
  saveChart: entry(
    { mostBytes: largestChart },
    z.object({ chart: ChartSource, format: ChartFormat }),
  ).gives<Saved | null>(),
  /** shows a file that was saved before, and no other, where it lies */
  showInFolder: entry(small, z.object({ path: z.string().min(1) })).gives<void>(),
  /** lets a person look for a place instead of typing it; null when they think better of it */
  choose: entry(
    small,
    z.object({ what: Wanted, from: z.string().max(4096).default('') }),
  ).gives<Chosen | null>(),
  /** told at each change */
  shown: entry(small, PageLook).gives<void>(),
} as const;
export type DeskCallName = keyof typeof nativeShellCalls;
export type DeskInput<N extends DeskCallName> = z.input<(typeof nativeShellCalls)[N]['input']>;
export type DeskOutput<N extends DeskCallName> = (typeof nativeShellCalls)[N]['output'];

/** What the window's menu, or the system, asks of the page. */
export type DeskCommand =
  /** an address inside the page: `#/settings` */
  | { kind: 'go'; address: string }
  /** to the page that was shown before, or after, the present one */
  | { kind: 'back' }
  | { kind: 'forward' }
  /** the start page, in one of its forms: presets, one's own images, a Compose file */
  | { kind: 'measure'; form: 'ready' | 'own' | 'compose' }
  /** the command palette, the list of keys */
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  /** export the run that is shown */
  | { kind: 'export'; format: DocumentFormat }
  /** show a record that was opened from a file */
  | { kind: 'opened'; opened: OpenedRecord }
  | { kind: 'failed'; failure: Failure };
