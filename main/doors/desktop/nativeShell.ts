import path from 'node:path';
import { readAs } from '../../contract/run/bounds';
import type { Locale } from '../../contract/appearance';
import {
  nativeShellCalls,
  type DeskCallName,
  type DeskOutput,
  type Saved,
  type Wanted,
} from '../../contract/desktop';
import { type Theme } from '../../contract/appearance';
import {
  chartName,
  documentName,
  extensionOf,
  type ChartFormat,
  type DocumentFormat,
  type RunSource,
} from '../../contract/exports';
import type { Answer } from '../../contract/failures';
import { message } from '../../contract/messages';
import type { Engine } from '../../engine/engine';
import { toFailure } from '../../engine/base/errors';
import { writeExport } from '../../engine/results/export/writing';
import { problems } from '../problems';

/** What the native shell is made of; a test brings its own. */
export interface NativeShellParts {
  engine: Pick<Engine, 'fleet' | 'run' | 'renderRun' | 'renderChart'>;
  /** @param file  a whole path to begin with; undefined when the person cancels */
  askWhere(file: string, format: string, locale: Locale): Promise<string | undefined>;
  /** where files go that nobody has placed yet */
  firstFolder(): string;
  reveal(file: string): void;
  /** undefined when the person cancels */
  choose(what: Wanted, from: string, locale: Locale): Promise<string | undefined>;
  shown(state: { exportable: boolean; theme: Theme }, locale: Locale): void;
}

type Doing<N extends DeskCallName> = (
  input: (typeof nativeShellCalls)[N]['input']['_output'],
  locale: Locale,
) => Promise<DeskOutput<N>> | DeskOutput<N>;

/** The native shell of one window: answers what its page asks, and never throws. */
export type NativeShell = (name: string, input: unknown, locale: Locale) => Promise<Answer<unknown>>;

export function nativeShell(parts: NativeShellParts): NativeShell {
  const { engine } = parts;
  const saved = new Set<string>();
  let folder: string | undefined;

  /** Asks first: nobody should wait for a PDF that is then not wanted. */
  async function save(
    name: string,
    format: DocumentFormat | ChartFormat,
    locale: Locale,
    render: () => Promise<{ base64: string }>,
  ): Promise<Saved | null> {
    const chosen = await parts.askWhere(
      path.join(folder ?? parts.firstFolder(), name),
      extensionOf(format),
      locale,
    );
    if (chosen === undefined) return null;
    const file = path.extname(chosen) === '' ? `${chosen}.${extensionOf(format)}` : chosen;
    await writeExport(file, Buffer.from((await render()).base64, 'base64'));
    folder = path.dirname(file);
    saved.add(file);
    return { path: file };
  }

  const doings: { [N in DeskCallName]: Doing<N> } = {
    async saveRun({ run, format, published }, locale) {
      return save(documentName(await recordOf(engine, run), format), format, locale, () =>
        engine.renderRun({ run, format, locale, published }),
      );
    },
    saveChart: ({ chart, format }, locale) =>
      save(chartName(chart, format), format, locale, () => engine.renderChart({ chart, format, locale })),
    showInFolder({ path: file }) {
      if (saved.has(file)) parts.reveal(file);
    },
    async choose({ what, from }, locale) {
      const chosen = await parts.choose(what, from, locale);
      return chosen === undefined ? null : { path: chosen };
    },
    shown: (state, locale) => parts.shown(state, locale),
  };

  return async (name, input, locale) => {
    if (!Object.hasOwn(nativeShellCalls, name)) {
      const problem = message(locale, 'problem.no-call', { name });
      return { ok: false, failure: { code: 'bad-input', problems: [problem] } };
    }
    const parsed = readAs(nativeShellCalls[name as DeskCallName].input, input);
    if (!parsed.success)
      return { ok: false, failure: { code: 'bad-input', problems: problems(locale, parsed.error.issues) } };
    const doing = doings[name as DeskCallName] as (input: unknown, locale: Locale) => unknown;
    try {
      return { ok: true, value: await doing(parsed.data, locale) };
    } catch (error) {
      return { ok: false, failure: toFailure(error) };
    }
  };
}

/** What is to be named after: opened from a file, or kept. @throws {TareError} `run-unknown` */
async function recordOf(engine: Pick<Engine, 'fleet' | 'run'>, source: RunSource) {
  if ('record' in source) return source.record;
  if ('fleet' in source) return source.fleet;
  return (await engine.fleet(source)) ?? (await engine.run(source));
}
