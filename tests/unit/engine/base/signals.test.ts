import { expect, it } from 'vitest';
import { settlesWithin } from '../../../../main/engine/base/signals';

it('tells what has happened from what does not', async () => {
  expect(await settlesWithin(Promise.resolve(), 60_000)).toBe(true);
  expect(await settlesWithin(new Promise(() => undefined), 1)).toBe(false);
});
