import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import {
  cpuMs,
  tickedWholeCpuMs,
  waitedForCpuMs,
  wholeCpuMs,
} from '../../../../../main/engine/base/process/cpu';

const nobody = 2 ** 22 + 1; // above the kernel's largest pid

test('a process that does not exist has used no time that could be told', () => {
  expect([cpuMs(nobody), waitedForCpuMs(nobody), wholeCpuMs(nobody)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a process that has hardly run has run for some time all the same', async () => {
  const before = performance.now();
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  await expect.poll(() => cpuMs(child.pid!)).toBeGreaterThan(0); // the kernel counts when the process first waits
  expect(cpuMs(child.pid!)).toBeLessThan(performance.now() - before);
  child.kill();
  await once(child, 'exit');
  expect(cpuMs(child.pid!)).toBeUndefined();
});

/** Spins until the kernel has booked so many ticks of 10 ms on the shell itself, which lies within another one. */
const busy = (ticks: number) =>
  `sh -c 'while read -r stat </proc/self/stat; set -- $stat; [ $((\${14} + \${15})) -lt ${ticks} ]; do :; done'; true`;

test('what a child has used, and its children, is counted once it was waited for', () => {
  const before = { own: cpuMs(process.pid)!, whole: wholeCpuMs(process.pid)! };
  spawnSync('sh', ['-c', busy(20)]);
  const children = wholeCpuMs(process.pid)! - before.whole - (cpuMs(process.pid)! - before.own);
  expect(children).toBeGreaterThanOrEqual(190); // 20 ticks, and one that may fall into the next
});

test('the fields of a record are those of the manual', () => {
  // state ppid pgrp session tty_nr tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime …
  const fields = (cminflt: number, cutime: number, cstime: number) =>
    `S 1 2 3 0 -1 4 5 ${cminflt} 7 8 30 12 ${cutime} ${cstime} 20 0`.split(' ');
  expect(tickedWholeCpuMs(fields(0, 0, 0))).toBe((30 + 12) * 10);
  // of either of the children's times half a tick is missing on the average, also where less than one was booked
  expect(tickedWholeCpuMs(fields(9000, 500, 60))).toBe((30 + 12 + 500.5 + 60.5) * 10);
  expect(tickedWholeCpuMs(fields(9000, 0, 0))).toBe((30 + 12 + 0.5 + 0.5) * 10);
  expect(tickedWholeCpuMs(fields(20, 0, 0))).toBeCloseTo((30 + 12) * 10 + 0.2); // what a subshell takes
});
