import { expect, test } from 'vitest';
import type { IsolationFact, IsolationReport, Sharing } from '../../../../../main/contract/work/isolation';
import { changedSince, sharedBy } from '../../../../../renderer/pages/isolation/isolation';

const report = (rows: Partial<Record<IsolationFact, [Sharing, string]>>): IsolationReport => ({
  ...{ takenAt: '', image: 'witness', digest: '', openings: {}, notes: [] },
  subjects: [{ target: 'container', commandLine: [] }],
  rows: Object.entries(rows).map(([fact, [standing, value]]) => ({
    fact: fact as IsolationFact,
    sights: [
      {
        target: 'container',
        standing,
        inside: { text: { key: 'isolation.value.plain', facts: { value } }, evidence: [] },
      },
    ],
    how: { inside: '', outside: '' },
  })),
});

test('a wall that was taken down marks what it hid, and nothing that changes by itself', () => {
  const before = report({
    processes: ['hidden', '4'],
    hostname: ['different', 'a'],
    capabilities: ['different', '14'],
  });
  const after = report({
    processes: ['same', '99'],
    hostname: ['different', 'b'],
    capabilities: ['different', '41'],
  });
  expect([...changedSince(before, after)]).toEqual(['processes container', 'capabilities container']);
  expect(changedSince(undefined, after).size).toBe(0);
  expect(changedSince(before, undefined).size).toBe(0);
});

test('what could not be read counts neither as shared nor as not', () => {
  const mixed = report({
    kernel: ['same', 'x'],
    hostname: ['different', 'b'],
    interfaces: ['unreadable', '?'],
  });
  expect(sharedBy(mixed, 'container')).toEqual({ count: 1, of: 2 });
});
