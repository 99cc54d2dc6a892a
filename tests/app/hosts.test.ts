/** Other computers in the real window, reached by the real ssh: added, chosen, watched side by side, measured again, and stopped. */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noSshd, openSshHost, type SshHost } from '../support/fleet/sshHost';
import { leftovers } from '../support/leaks';
import { sessionPrefix } from '../support/sessions';
import { home, openApp, root, virtualScreen, type Home, type OpenedApp } from '../support/window/app';
import { accessibilityProblems } from '../support/window/axe';
import { setLook, showPage, themes } from '../support/window/pages';
import { fillPlan } from '../support/window/plan';
import type { Screen } from '../support/window/screen';

const reason = noSshd();

let screen: Screen;
let own: Home;
let host: SshHost;
let opened: OpenedApp;
let page: Page;

const row = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const card = (name: string) =>
  page.getByRole('list', { name: 'Run on' }).locator('> li').filter({ hasText: name });

async function addHost(name: string, address: string): Promise<void> {
  await field('Name').fill(name);
  await field('Address').fill(address);
  await page.getByRole('button', { name: 'Add and check' }).click();
}

describe.skipIf(reason !== undefined)(`other computers${reason ? ` (${reason})` : ''}`, () => {
  beforeAll(async () => {
    screen = await virtualScreen();
    own = home();
    host = await openSshHost(
      path.join(own.folder, 'host'),
      [process.execPath, path.join(root, 'dist/main/cli.cjs')],
      {
        TARE_SESSION_PREFIX: sessionPrefix,
        TARE_LOCK_DIR: path.join(own.folder, 'lock'), // another computer has another one
        XDG_CACHE_HOME: own.environment.XDG_CACHE_HOME!,
      },
    );
    Object.assign(own.environment, host.environment);
    opened = await openApp(screen, own);
    ({ page } = opened);
  });
  afterAll(async () => {
    await opened?.app.close();
    await host?.[Symbol.asyncDispose]();
    await screen?.[Symbol.asyncDispose]();
    expect(opened.problems).toEqual([]);
    expect(leftovers()).toEqual([]);
    own[Symbol.dispose]();
  });

  it('are added by their address, and tell what works there or why nobody can tell', async () => {
    await showPage(page, { page: 'environment' });
    await page.getByText('A plan can be run on several computers at once').waitFor();
    await addHost('', 'ssh://me:secret@bench1');
    await page.getByText('This is not an address').waitFor();
    expect(await field('Address').evaluate((element) => element === document.activeElement)).toBe(true);

    await addHost('bench1', host.address);
    await row('bench1').getByText('Reached, Tare').waitFor();
    expect(await row('bench1').getByText('Docker').first().isVisible()).toBe(true);
    await addHost('closed', 'me@127.0.0.1:9'); // where nobody listens
    await row('closed').getByText('nothing listens there').waitFor();
    for (const theme of themes) {
      await setLook(page, theme, 'en');
      expect(await accessibilityProblems(page), theme).toEqual([]);
    }

    await page.getByRole('button', { name: 'Remove: closed' }).click();
    await row('closed').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('closed').waitFor();
  });

  it('run a plan side by side with this computer: one that is not reached is its reason, and the others end in a report', async () => {
    await fillPlan(page, '1');
    const choice = page.getByRole('group', { name: 'Run on' });
    for (const name of ['bench1', 'closed']) await choice.getByRole('checkbox', { name }).check();
    await page.getByText(`--host local --host ${host.address} --host ssh://me@127.0.0.1:9`).waitFor();
    await page.getByText('For this computer; others may take longer').waitFor();
    await page.getByRole('button', { name: 'Run the comparison' }).click();

    await page.waitForURL(/#\/live\//);
    await card('closed').getByText('nothing listens there').waitFor();
    expect(await page.getByRole('list', { name: 'Run on' }).locator('> li').count()).toBe(3);
    await page.waitForURL(/#\/report\//);
    await page.locator('#main').getByText('results from 2 of 3 hosts').waitFor();
    await page.getByRole('button', { name: 'bench1' }).click();
    await page.getByText('measured on bench1, read only').waitFor();
    await page.goBack();
  });

  it('measure the same again on those that are kept, are stopped together, and a page that is loaded meanwhile knows them', async () => {
    await showPage(page, { page: 'environment' });
    await page.getByRole('button', { name: 'Remove: closed' }).click();
    await showPage(page, { page: 'history' });
    await page.locator('tbody').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByText('Not measured again: closed.').waitFor();
    await page.waitForURL(/#\/report\//);
    await page.locator('#main').getByText('results from 2 of 2 hosts').waitFor();

    await fillPlan(page, '60');
    await page.getByRole('button', { name: 'Run the comparison' }).click();
    await card('bench1').getByText('Round').waitFor();
    await page.reload();
    await card('bench1').getByText('Round').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await card('bench1').getByText('stopped').first().waitFor();
    await card('This computer').getByText('stopped').first().waitFor();
    // hosts end one by one before the run does, and a window is not closed beneath one without a question
    await page.getByRole('link', { name: 'Open the report' }).waitFor();
    expect(host.sessions()).toEqual([]);
  });
});
