/** The window of Tare on an engine that manages a swarm: its nodes are shown, chosen, watched side by side, and come to one report. */
import { home, openApp, virtualScreen } from '../support/window/app';
import { fillPlan } from '../support/window/plan';

/**
 * @param environment  of the window: which engine it asks, and what keeps it apart from a person's own Tare
 * @param nodes        how many are told ready
 */
export async function measureFromWindow(
  environment: Record<string, string>,
  nodes: number,
  trials: number,
): Promise<[told: string, isRight: boolean]> {
  using own = home();
  await using screen = await virtualScreen();
  Object.assign(own.environment, environment);
  const { app, page, problems } = await openApp(screen, own);
  try {
    await fillPlan(page, `${trials}`);
    await page.getByRole('checkbox', { name: `Docker Swarm, ${nodes} nodes` }).check();
    await page.getByRole('button', { name: 'Run the comparison' }).click();
    await page.waitForURL(/#\/live\//);
    const cards = page.getByRole('list', { name: 'Run on' }).locator('> li');
    await cards.nth(nodes - 1).waitFor();
    await page.waitForURL(/#\/report\//, { timeout: 300_000 });
    const main = page.locator('#main');
    await main.getByText(/results from/).waitFor();
    const isWhole = (await main.innerText()).includes(`results from ${nodes} of ${nodes} hosts`);
    const told = isWhole ? 'every node is in the report' : await main.innerText();
    return [`${told}; on the console: ${problems.join(', ') || 'nothing'}`, isWhole && problems.length === 0];
  } finally {
    await app.close();
  }
}
