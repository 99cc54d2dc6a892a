import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { kernelRecords, outOfMemoryIn } from '../../../../../main/engine/base/process/kernelLog';

/** As Linux 6.18 writes it. */
const killed = (group: string) =>
  `4,2159,4357828190,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=other,mems_allowed=0,oom_memcg=/docker/other,task_memcg=${group},task=busybox,pid=24350,uid=0\n`;

test.each([
  { what: 'a process in the group', group: '/docker/c0ffee', is: true },
  { what: 'one in a group below it', group: '/system.slice/docker-c0ffee.scope/inner', is: true },
  { what: 'one of a stranger’s', group: '/docker/decade', is: false },
])('the kernel’s log tells of $what: $is', ({ group, is }) => {
  const records = ['6,1,0,-;Linux version 6.18\n', killed(group), '6,3,9,-;docker0: task_memcg=/c0ffee\n'];
  expect(outOfMemoryIn('c0ffee', () => records)).toBe(is);
});

test('who may not read the log, or has none, knows nothing', () => {
  expect(outOfMemoryIn('c0ffee', () => kernelRecords('/no/such/log'))).toBeUndefined();
});

test('a log is read to its end', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-log-'));
  const file = path.join(folder, 'kmsg');
  writeFileSync(file, killed('/docker/c0ffee').padEnd(20_000, 'x'));
  expect([...kernelRecords(file)].join('')).toHaveLength(20_000);
  expect(outOfMemoryIn('c0ffee', () => kernelRecords(file))).toBe(true);
  rmSync(folder, { recursive: true });
});
