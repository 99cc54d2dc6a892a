/** The page as it is served beyond the computer that is measured: whatever can be pressed there is done, and never refused. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../main/contract/failures';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import { root, type Home } from '../support/window/app';
import { newReader, visit } from '../support/window/browser';
import { accessibilityProblems } from '../support/window/axe';
import { keepRun, keepRunUnderWay } from '../support/fakes/keptRun';
import { everyAddress, showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

const claims = '20251123-231500-0001';
const before = '20251123-231500-0002';
const after = '20251123-231500-0003';
const deleted = '20251123-231500-0004';
const underWay = '20251123-231500-0005';

let otherTare: Ledger;
let served: ServedToBrowser;
let page: Page;
let problems: string[];
/** of each call so far: why it was not answered, if it was not */
const asked: Promise<string | undefined>[] = [];

async function refusalOf(request: Request): Promise<string | undefined> {
  const name = path.posix.basename(new URL(request.url()).pathname);
  const answer = (await (await request.response())?.json()) as Answer<unknown> | undefined;
  return answer?.ok === false ? `${name}: ${answer.failure.code}` : undefined;
}

/** Of every kind that a page shows: also one in the trash, and one of a Tare that is at work. */
function keepRuns(own: Home): void {
  keepRun(own, { id: claims, preset: 'claims' });
  for (const [seed, id] of [before, after, deleted].entries()) keepRun(own, { id, preset: 'quick', seed });
  const program = path.join(root, 'dist/main/cli.cjs');
  execFileSync(process.execPath, [program, 'delete', deleted], {
    env: { ...process.env, ...own.environment },
  });
  otherTare = openLedger(path.join(own.dataFolder, 'ledger'));
  keepRunUnderWay(own, otherTare, { id: underWay });
}

beforeAll(async () => {
  served = await serveToBrowser({ prepare: keepRuns, words: ['--host', '0.0.0.0'] });
  const reader = await newReader(served.browser);
  reader.on('request', (request) => {
    if (request.url().includes('/call/')) asked.push(refusalOf(request));
  });
  const { port, hash } = new URL(served.url);
  ({ page, problems } = await visit(reader, `http://localhost:${port}/${hash}`));
});
afterAll(async () => {
  await Promise.all(asked); // none is cut off
  await served[Symbol.asyncDispose]();
  otherTare.close();
});

/** Presses whatever can be pressed, what appears because of that too; explained terms lead to each other in circles. @returns what it was called */
const pressEverything = (): Promise<string[]> =>
  page.evaluate(async () => {
    const done = new Set<HTMLElement>();
    const names: string[] = [];
    const next = () =>
      [
        ...document.querySelectorAll<HTMLElement>(
          '#main :is(button, input, select, textarea):enabled:not([role="note"] *)',
        ),
      ].find((one) => !done.has(one));
    for (let one = next(); one && done.size < 150; one = next()) {
      done.add(one);
      names.push(one.getAttribute('aria-label') ?? (one.innerText.trim() || one.id));
      one.click();
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    return names;
  });

const routes = everyAddress({ report: before, comparison: [before, after], live: underWay });
/** A file that is opened is there only once it was dropped. */
const pages = Object.values(routes).filter(({ page: name }) => name !== 'opened');

describe('a page that only shows', () => {
  it.each(pages)('offers nothing on $page that would be refused, and says why', async (route) => {
    await showPage(page, route);
    await page.getByText('This page only shows').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const pressed = await pressEverything();
    const refusals = (await Promise.all(asked)).filter((one) => one !== undefined);
    expect(refusals, pressed.join(', ')).toEqual([]);
    // the languages were pressed as well
    await page.locator('nav button[lang="en"]').click();
  });

  it('still lets a report be taken along, but for what that computer would have to print', async () => {
    await showPage(page, routes.report);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const items = await page.getByRole('menuitem').allTextContents();
    expect(items.join()).toContain('HTML');
    expect(items.join()).not.toContain('PDF');
    await page.keyboard.press('Escape');
    expect(problems).toEqual([]);
  });

  it('cannot begin longer work by asking the door itself', async () => {
    const answer = await page.evaluate(async () => {
      const token = sessionStorage.getItem('tare.token') ?? '';
      const order = { kind: 'buildKit', input: { kernel: 'distribution' } };
      const response = await fetch('/call/startJob', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-tare-token': token },
        body: JSON.stringify({ input: order }),
      });
      return (await response.json()) as unknown;
    });
    expect(answer).toEqual({ ok: false, failure: { code: 'call-refused', reason: 'read-only' } });
  });
});
