import path from 'node:path';
import type { Locale } from '../../contract/appearance';
import {
  nativeShellCalls,
  type DeskCallName,
  type DeskOutput,
  type PageLook,
  type Saved,
  type Wanted,
} from '../../contract/desktop';
import {
  chartName,
  documentName,
  extensionOf,
  type ChartFormat,
  type DocumentFormat,
} from '../../contract/exports';
import type { Answer } from '../../contract/failures';
import type { Engine } from '../../engine/engine';
import { badInput, toFailure } from '../../engine/base/errors';
import { writeExport } from '../../engine/results/export/writing';
import { parsed } from '../problems';

/** What the native shell is made of; a test brings its own. */
export interface NativeShellParts {
  engine: Pick<Engine, 'record' | 'renderRun' | 'renderChart'>;
  /** @param file  a whole path to begin with; undefined when the person cancels */
  askWhere(file: string, format: string): Promise<string | undefined>;
  /** where files go that nobody has placed yet */
  firstFolder(): string;
  reveal(file: string): void;
  /** undefined when the person cancels */
  choose(what: Wanted, from: string): Promise<string | undefined>;
  shown(state: PageLook): void;
  /** the language that files are written in */
  locale(): Locale;
}

type Doing<N extends DeskCallName> = (
  input: (typeof nativeShellCalls)[N]['input']['_output'],
) => Promise<DeskOutput<N>> | DeskOutput<N>;

/** The native shell of one window: answers what its page asks, and never throws. */
export type NativeShell = (name: string, input: unknown) => Promise<Answer<unknown>>;

export function nativeShell(parts: NativeShellParts): NativeShell {
  const { engine } = parts;
  const saved = new Set<string>();
  let folder: string | undefined;

  /** Asks first: nobody should wait for a PDF that is then not wanted. */
  async function save(
    name: string,
    format: DocumentFormat | ChartFormat,
    render: () => Promise<{ base64: string }>,
  ): Promise<Saved | null> {
    const chosen = await parts.askWhere(path.join(folder ?? parts.firstFolder(), name), extensionOf(format));
    if (chosen === undefined) return null;
    const file = path.extname(chosen) === '' ? `${chosen}.${extensionOf(format)}` : chosen;
    await writeExport(file, Buffer.from((await render()).base64, 'base64'));
    folder = path.dirname(file);
    saved.add(file);
    return { path: file };
  }

  const doings: { [N in DeskCallName]: Doing<N> } = {
    async saveRun({ run, format, published }) {
      const record = 'record' in run ? run.record : await engine.record(run);
      return save(documentName(record, format), format, () =>
        engine.renderRun({ run, format, locale: parts.locale(), published }),
      );
    },
    saveChart: ({ chart, format }) =>
      save(chartName(chart, format), format, () =>
        engine.renderChart({ chart, format, locale: parts.locale() }),
      ),
    showInFolder({ path: file }) {
      if (saved.has(file)) parts.reveal(file);
    },
    async choose({ what, from }) {
      const chosen = await parts.choose(what, from);
      return chosen === undefined ? null : { path: chosen };
    },
    shown: (state) => parts.shown(state),
  };

  return async (name, input) => {
    try {
      if (!Object.hasOwn(nativeShellCalls, name)) throw badInput('problem.no-call', { name });
      const doing = doings[name as DeskCallName] as (input: unknown) => unknown;
      return { ok: true, value: await doing(parsed(nativeShellCalls[name as DeskCallName].input, input)) };
    } catch (error) {
      return { ok: false, failure: toFailure(error) };
    }
  };
}
