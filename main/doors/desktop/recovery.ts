import type { WebContents } from 'electron';
import type { Failure } from '../../contract/failures';

/** A page that ends again so soon would end for ever: then a person decides. */
const againMs = 60_000;

/** `gone`: it ended, and again soon after it was shown anew · `silent`: it does not answer */
export type PageState = 'gone' | 'silent';

/** What shows a page again that has ended; a test brings its own. */
export interface RecoveryParts {
  contents: Pick<WebContents, 'on' | 'reload' | 'forcefullyCrashRenderer'>;
  /** whether to show the page anew; the signal takes the question back */
  ask(state: PageState, signal: AbortSignal): Promise<boolean>;
  /** a person gave up on a page that ended again */
  giveUp(): void;
  /** the page begins anew */
  restarted(): void;
  /** told to the person once the page is there */
  tell(failure: Failure): void;
  nowMs?: () => number;
}

/** Shows the page anew when its process ends, so that a window is never dead; the engine and its run are not in that process. */
export function recoverPage(parts: RecoveryParts): void {
  const { contents, nowMs = () => performance.now() } = parts;
  let shownAnewMs = -Infinity;
  let asking: AbortController | undefined;

  function showAnew(reason: string): void {
    shownAnewMs = nowMs();
    parts.restarted();
    contents.reload();
    parts.tell({ code: 'page-gone', reason });
  }
  /** undefined when the question was taken back */
  async function ask(state: PageState): Promise<boolean | undefined> {
    const own = new AbortController();
    asking?.abort();
    asking = own;
    const agreed = await parts.ask(state, own.signal).catch(() => false);
    if (asking === own) asking = undefined;
    return own.signal.aborted ? undefined : agreed;
  }

  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    asking?.abort();
    if (nowMs() - shownAnewMs >= againMs) showAnew(reason);
    else
      void ask('gone').then((again) => {
        if (again) showAnew(reason);
        else if (again === false) parts.giveUp();
      });
  });
  contents.on('unresponsive', () => {
    if (asking) return;
    void ask('silent').then((again) => {
      if (!again) return;
      shownAnewMs = -Infinity; // it ends because a person wants it to
      contents.forcefullyCrashRenderer();
    });
  });
  contents.on('responsive', () => asking?.abort());
}
