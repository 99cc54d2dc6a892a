import { getContext, setContext } from 'svelte';
import type { Saved } from '../../main/contract/desktop';
import {
  mostRecordBytes,
  type ChartFormat,
  type ChartSource,
  type DocumentFormat,
  type ExportedDocument,
  type OpenedRecord,
  type RunSource,
} from '../../main/contract/exports';
import type { Answer } from '../../main/contract/failures';
import { t } from '../i18n.svelte';
import type { Link } from '../link/link';
import { notices } from './notices.svelte';
import { opened } from './opened.svelte';
import { published } from './published.svelte';
import { router } from './route.svelte';
import { appearance } from './appearance.svelte';

/** What can be taken out of the window, and looked at from elsewhere; each tells how it went. */
export interface Exports {
  run(run: RunSource, format: DocumentFormat): Promise<void>;
  chart(chart: ChartSource, format: ChartFormat): Promise<void>;
  /** the chart as a picture, ready to be pasted */
  copy(chart: ChartSource): Promise<void>;
  /** the same of a run's answer, as a card */
  copyCard(run: RunSource): Promise<void>;
  /** a run.json or a fleet.json from anywhere, shown read only */
  open(file: File): Promise<void>;
}

const key = Symbol('exports');
export const provideExports = (exports: Exports): Exports => setContext(key, exports);
/** undefined where a part stands by itself, as in a test */
export const useExports = (): Exports | undefined => getContext<Exports | undefined>(key);

/** What the charts of a page belong to: it names their files. */
const subjectKey = Symbol('subject');
export const provideSubject = (subject: () => string): (() => string) => setContext(subjectKey, subject);
export const useSubject = (): (() => string) =>
  getContext<(() => string) | undefined>(subjectKey) ?? (() => '');

const bytesOf = ({ base64 }: ExportedDocument): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const blobOf = (file: ExportedDocument): Blob => new Blob([bytesOf(file)], { type: file.mediaType });

/** A browser saves by itself, where its person told it to. */
function download(file: ExportedDocument): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blobOf(file));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** Copies through the page itself, which a window and a browser allow alike. */
async function copyPicture(drawn: Promise<Answer<ExportedDocument>>): Promise<void> {
  const blob = drawn.then((answer) => {
    if (answer.ok) return blobOf(answer.value);
    notices.tell({ failure: answer.failure });
    return undefined;
  });
  try {
    // asked for at once, while the click still counts; the picture may come later
    const picture = blob.then((made) => made ?? Promise.reject(new Error('not drawn')));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    notices.tell({ words: t('ui.export.copied') });
  } catch {
    if (await blob) notices.tell({ words: t('ui.export.noClipboard') });
  }
}

const rendered = (link: Link, chart: ChartSource, format: ChartFormat): Promise<Answer<ExportedDocument>> =>
  link.call('renderChart', { chart, format, locale: appearance.locale });

/** What no record can be is not even looked at: a page would hold all of it. */
async function read(link: Link, file: File): Promise<Answer<OpenedRecord>> {
  if (file.size > mostRecordBytes)
    return { ok: false, failure: { code: 'input-too-large', limitBytes: mostRecordBytes } };
  return link.call('readRecord', { text: await file.text(), name: file.name });
}

/** In the desktop app a file goes where a dialog says; in a browser it is downloaded. */
export function makeExports(link: Link): Exports {
  const { nativeShell } = link;

  const show = (path: string) => void nativeShell?.call('showInFolder', { path });

  /** Tells that something is being written, and then how it went; null is a person's change of mind. */
  async function told(work: () => Promise<Answer<Saved | string | null>>): Promise<void> {
    const working = notices.tell({ words: t('ui.export.working'), working: true });
    const answer = await work();
    notices.dismiss(working);
    if (!answer.ok) notices.tell({ failure: answer.failure });
    else if (typeof answer.value === 'string')
      notices.tell({ words: t('ui.export.saved', { name: answer.value }) });
    else if (answer.value) {
      const { path } = answer.value;
      const words = t('ui.export.saved', { name: nameOf(path) });
      notices.tell({ words, action: { words: t('ui.export.show'), run: () => show(path) } });
    }
  }

  async function downloaded(file: Promise<Answer<ExportedDocument>>): Promise<Answer<string>> {
    const answer = await file;
    if (!answer.ok) return answer;
    download(answer.value);
    return { ok: true, value: answer.value.name };
  }

  return {
    run: (run, format) =>
      told(() => {
        const { locale } = appearance;
        const asked = { run, format, published: published.shown };
        return nativeShell
          ? nativeShell.call('saveRun', asked)
          : downloaded(link.call('renderRun', { ...asked, locale }));
      }),
    chart: (chart, format) =>
      told(() =>
        nativeShell
          ? nativeShell.call('saveChart', { chart, format })
          : downloaded(rendered(link, chart, format)),
      ),
    copy: (chart) => copyPicture(rendered(link, chart, 'png')),
    copyCard: (run) => {
      const { locale } = appearance;
      return copyPicture(link.call('renderRun', { run, format: 'card', locale }));
    },
    async open(file) {
      const answer = await read(link, file);
      if (!answer.ok) {
        notices.tell({ failure: answer.failure });
        return;
      }
      opened.show(answer.value);
      router.go({ page: 'opened' });
    },
  };
}
