/** A page that `tare serve` serves, as somebody has it who opens it in a browser. */
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { patienceMs, watchProblems } from './app';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

/** A reader of English with a small screen, whom the browser does not know yet. */
export async function newReader(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const small = { viewport: { width: 1280, height: 800 }, locale: 'en-US' };
  const reader = await browser.newContext({ ...small, ...options });
  reader.setDefaultTimeout(patienceMs);
  return reader;
}

export interface VisitedPage {
  page: Page;
  /** what the page writes to its console as an error */
  problems: string[];
}

/** Opens an address and waits until the page is shown. */
export async function visit(reader: BrowserContext, url: string): Promise<VisitedPage> {
  const page = await reader.newPage();
  const problems = watchProblems(page);
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, problems };
}
