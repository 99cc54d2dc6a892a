import type { Page } from 'playwright-core';
import { showPage } from './pages';

/** Fills the form with a container of the small web page, and nothing else, so often. */
export async function fillPlan(page: Page, trials: string): Promise<void> {
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  await showPage(page, { page: 'compare' });
  await page.getByRole('radio', { name: 'Custom' }).check({ force: true });
  const targets = page.getByRole('group', { name: 'Ways to run it' });
  for (const box of await targets.getByRole('checkbox').all()) await box.setChecked(false);
  await targets
    .locator('label', { has: page.locator('#target-container') })
    .getByRole('checkbox')
    .check();
  await field('Rounds').fill(trials);
  await field('Warm-ups').fill('0');
}
