/** A VM that resumes in a ready state. */
import { expect, test } from 'vitest';
import { scratchImage } from '../support/images';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { openShop, ready, snapshot, start } from './machines';

noMinimalKernel();

test.runIf(minimalKernelIsHere)('a saved machine resumes, answers, and leaves nothing', async () => {
  const shop = openShop();
  const { instance } = await start(await ready(await scratchImage()), shop, undefined, snapshot());
  try {
    const answer = await fetch(`http://${instance.host}:${instance.port}/`);
    expect(await answer.text()).toBe('hello from scratch\n');
  } finally {
    await instance[Symbol.asyncDispose]();
  }
  shop.close();
});
