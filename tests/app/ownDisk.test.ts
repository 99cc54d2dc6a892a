/** A disk of one's own, from the start form to what is told of it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

let served: ServedToBrowser;
beforeAll(async () => void (served = await serveToBrowser()));
afterAll(() => served[Symbol.asyncDispose]());

it('is named in the start form, alone, and refused with the reason where it is none', async () => {
  const { page, problems } = await served.visit();
  const main = page.locator('#main');
  const file = path.join(served.own.folder, 'notes.qcow2');
  writeFileSync(file, 'no disk at all');
  await main.getByRole('radiogroup', { name: 'What to measure' }).getByText('Custom').click();
  await main.getByRole('radiogroup', { name: 'Image' }).getByText('Virtual disk').click();
  await main.getByRole('textbox', { name: 'Virtual disk' }).fill(file);
  await main.getByRole('textbox', { name: 'Port' }).fill('80');
  const own = main.getByRole('checkbox', { name: /VM \(own disk\)/ });
  await own.check();
  await main.getByRole('button', { name: 'Run the comparison', disabled: false }).click();
  await main.getByText('a disk without an image runs on vm:image alone').waitFor();
  for (const name of [/^container/, /VM \(direct boot\)/])
    await main.getByRole('checkbox', { name }).uncheck();
  await main.getByRole('button', { name: 'Run the comparison', disabled: false }).click();
  await main.getByText('it does not begin with a boot sector').first().waitFor();
  expect(problems).toEqual([]);
}, 60_000);
