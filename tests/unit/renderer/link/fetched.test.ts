import { expect, it } from 'vitest';
import { fetched } from '../../../../renderer/link/fetched';

/** A file that cannot be fetched the first `times`, and the waits between the tries. */
function failing(times: number) {
  const waits: number[] = [];
  let tries = 0;
  return {
    waits,
    load: () => {
      tries += 1;
      return tries <= times
        ? Promise.reject(new Error(`try ${tries}`))
        : Promise.resolve(`page of try ${tries}`);
    },
    wait: (ms: number) => Promise.resolve(void waits.push(ms)),
  };
}

it('fetches a file once where it can be had', async () => {
  const { load, wait, waits } = failing(0);
  expect(await fetched(load, wait)).toBe('page of try 1');
  expect(waits).toEqual([]);
});

it.each([1, 2, 3])('fetches a file again that failed %i times, after ever longer waits', async (times) => {
  const { load, wait, waits } = failing(times);
  expect(await fetched(load, wait)).toBe(`page of try ${times + 1}`);
  expect(waits).toHaveLength(times);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
});

it('tells what the last try failed with, and tries anew when it is asked again', async () => {
  const { load, wait } = failing(4);
  await expect(fetched(load, wait)).rejects.toThrow('try 4');
  expect(await fetched(load, wait)).toBe('page of try 5');
});
