import { expect, test } from 'vitest';
import { processes, startTicks, statFields } from '../../../../../main/engine/base/process/proc';

test('a process that does not exist has no figures, rather than zeros', () => {
  const nobody = 2 ** 22 + 1; // above the kernel's largest pid
  expect([startTicks(nobody), statFields(nobody)]).toEqual([undefined, undefined]);
});

test('this process is listed with its arguments', () => {
  expect(processes().find(({ pid }) => pid === process.pid)?.words[0]).toContain('node');
});
