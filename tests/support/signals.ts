/** What the window says outside its page: on the task bar, and by notifications. */
import type { ElectronApplication } from 'playwright-core';
import { askMain } from './window/main';

interface Signals {
  /** shares from 0 to 1, -1 when there is nothing to show, or the mode */
  shares: (number | string)[];
  told: { title: string; body: string }[];
}
interface Watched {
  signals: Signals;
  click(): void;
}

/**
 * From now on every signal is written down, notifications are not shown, and no run is short: the clock leaps as the task bar is
 * cleared, which is when a run's length is taken. Nobody seems to look at the window.
 */
export async function watchSignals(app: ElectronApplication): Promise<void> {
  await askMain(app, ({ BrowserWindow, Notification }) => {
    const watched = globalThis as unknown as Watched;
    const seen: Signals = (watched.signals = { shares: [], told: [] });
    const window = BrowserWindow.getAllWindows()[0]!;
    const show = window.setProgressBar.bind(window);
    const now = performance.now.bind(performance);
    const setNow = (value: () => number) =>
      Object.defineProperty(performance, 'now', { configurable: true, value });
    const leap = () =>
      setNow(() => {
        setNow(now);
        return now() + 60_000;
      });
    window.setProgressBar = (share, options) => {
      seen.shares.push(options?.mode ?? share);
      show(share, options);
      if (share === -1) leap();
    };
    window.isFocused = () => false;
    Object.assign(Notification, { isSupported: () => true });
    Notification.prototype.show = function () {
      seen.told.push({ title: this.title, body: this.body });
      watched.click = () => this.emit('click');
    };
  });
}

export const signals = (app: ElectronApplication): Promise<Signals> =>
  askMain(app, () => (globalThis as unknown as Watched).signals);

/** Clicks the newest notification. */
export const clickNotification = (app: ElectronApplication): Promise<void> =>
  askMain(app, () => (globalThis as unknown as Watched).click());
