/** What holds a QEMU that runs, by its own status in /proc. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { processes } from '../../main/engine/base/process/proc';
import type { Instance } from '../../main/engine/measure/targets/target';

const isRoot = process.getuid?.() === 0;

/** The QEMU behind a port. */
function statusOf(port: number): Map<string, string> {
  const [own] = processes().filter(({ words }) =>
    words.some((word) => word.includes(`hostfwd=tcp:127.0.0.1:${port}-`)),
  );
  const lines = readFileSync(`/proc/${own!.pid}/status`, 'utf8').split('\n');
  return new Map(lines.map((line) => line.split(':\t').slice(0, 2) as [string, string]));
}

/** Its calls are filtered; and where this process is root, it has no right of root's, and no user in common with another machine. */
export function expectConfined({ port }: Pick<Instance, 'port'>): void {
  const status = statusOf(port);
  expect(status.get('Seccomp')).toBe('2');
  if (!isRoot) return;
  const own = 1_900_000_000 + port;
  expect(status.get('Uid')).toBe([own, own, own, own].join('\t'));
  expect(
    status
      .get('Gid')
      ?.split('\t')
      .every((gid) => gid === '1900000000'),
  ).toBe(true);
  expect(status.get('Groups')?.trim()).toBe('');
  expect(status.get('NoNewPrivs')).toBe('1');
  for (const set of ['CapPrm', 'CapEff', 'CapAmb']) expect(BigInt(`0x${status.get(set)}`), set).toBe(0n);
}
