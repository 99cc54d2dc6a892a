/** What the page, in a browser or in the window, is led to and given, as a person does it. */
import type { Page } from 'playwright-core';
import type { Locale } from '../../../main/contract/appearance';
import { message } from '../../../main/contract/messages';
import { namedBy, pages, type PageName, type PageThat, type RouteOf } from '../../../main/contract/pages';
import { addressOf, type Route } from '../../../renderer/state/route';

/** A page whose address names nothing but the page. */
type PlainPage = Exclude<PageName, PageThat<{ names: string }>>;

/**
 * One address of each page. A page that needs nothing else to be named has its own by itself; any other does not compile without one.
 * @param runs  that are kept: one to read, two to compare, and one under way
 */
export const everyAddress = (runs: {
  report: string;
  comparison: string[];
  live: string;
}): { [P in PageName]: RouteOf<P> } => ({
  ...plainAddresses,
  report: { page: 'report', run: runs.report },
  comparison: { page: 'comparison', runs: runs.comparison },
  live: { page: 'live', run: runs.live },
});

const plainAddresses = Object.fromEntries(
  (Object.keys(pages) as PageName[]).filter((page) => !namedBy(page)).map((page) => [page, { page }]),
) as { [P in PlainPage]: RouteOf<P> };

/** Shows a page and waits until nothing on it is still coming. */
export async function showPage(page: Page, route: Route, locale: Locale = 'en'): Promise<void> {
  await page.bringToFront(); // one behind another is not drawn
  await page.evaluate((hash) => (location.hash = hash), addressOf(route));
  const title = `Tare – ${message(locale, `ui.nav.${route.page}`)}`;
  await page.waitForFunction((expected) => document.title === expected, title);
  const coming = page.locator('#main').locator('[aria-busy="true"], .skeleton, span.waiting');
  await page.locator('#main h1').first().waitFor();
  await coming.first().waitFor({ state: 'detached' });
}

export const themes = ['light', 'dark'] as const;

/** Shows the page in a language, and in the theme of the system, which this sets. What the page holds stays. */
export async function setLook(page: Page, theme: (typeof themes)[number], locale: Locale): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.locator(`nav button[lang="${locale}"]`).click();
  await page.locator(`html[data-theme="${theme}"][lang="${locale}"]`).waitFor();
}

/** Follows an image and looks at the isolation, by the buttons of an English page: their results stay for as long as it is open. */
export async function askForResults(page: Page): Promise<void> {
  await showPage(page, { page: 'workflow' });
  await page.getByRole('button', { name: 'Run and trace' }).click();
  await page.getByText('gave the same bytes').waitFor();
  await showPage(page, { page: 'isolation' });
  await page.getByRole('button', { name: 'Inspect' }).click();
  await page.locator('#main').getByRole('table').waitFor();
}

/** Drags a file over an English page and lets it go there. */
export async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const carried = await page.evaluateHandle(
    ([called, inside]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([inside!], called!, { type: 'application/json' }));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: carried });
  await page.getByText(message('en', 'ui.opened.drop')).waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer: carried });
}
