/** Several tabs on one `tare serve`: a browser has six connections to a server, and the events must not take one per tab. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftovers } from '../support/leaks';
import { newReader, visit } from '../support/window/browser';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

let served: ServedToBrowser;
let reader: BrowserContext;
beforeAll(async () => {
  served = await serveToBrowser();
  reader = await newReader(served.browser);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  expect(leftovers()).toEqual([]);
});

/** Begins work that fails at once, which is told as an event. */
const beginWork = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const headers = {
      'content-type': 'application/json',
      'x-tare-token': sessionStorage.getItem('tare.token')!,
    };
    const input = { kind: 'pullImage', input: { reference: 'localhost:1/none:1' } };
    return (await fetch('/call/startJob', { method: 'POST', headers, body: JSON.stringify({ input }) }))
      .status;
  });

/** Counts the batches that are passed on to this tab. */
const listen = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    new BroadcastChannel('tare.events').onmessage = ({ data }) => {
      if ('events' in (data as object)) heard.push(data);
    };
  });
const heardBy = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { heard: unknown[] }).heard.length);

it('answers seven tabs, of which one reads the events for all, and another once that one is closed', async () => {
  const reading: Page[] = [];
  reader.on('request', (request) => {
    if (new URL(request.url()).pathname === '/events') reading.push(request.frame().page());
  });
  const tabs: Page[] = [];
  while (tabs.length < 7) tabs.push((await visit(reader, served.url)).page);
  expect(reading).toEqual([tabs[0]]);

  const others = tabs.slice(1);
  for (const page of others) await listen(page);
  expect(await beginWork(tabs[6]!)).toBe(200);
  for (const page of others) await expect.poll(() => heardBy(page)).toBeGreaterThan(0);

  await tabs[0]!.close();
  await expect.poll(() => reading.length).toBe(2);
  const followers = others.filter((page) => page !== reading[1]);
  expect(followers).toHaveLength(5);
  const before = await Promise.all(followers.map(heardBy));
  await expect.poll(() => beginWork(followers[0]!)).toBe(200);
  for (const [at, page] of followers.entries())
    await expect.poll(() => heardBy(page)).toBeGreaterThan(before[at]!);
});
