import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applicationPid,
  namesOf,
  sectionsOf,
  testimonyOf,
} from '../../../../../main/engine/inspect/isolation/testimony';

const answer = `
=== kernel
6.18.44

=== processes
1 (busybox) S 0 1 1 0
7 (busybox) R 1 1 1 0
8 (index.cgi) R 7 1 1 0
9 (a) b (c)) S 1 9 9 0

=== mounts
overlay / overlay rw,relatime 0 0
proc /proc proc rw 0 0

=== interfaces
eth0 02:42:ac:11:00:02

=== user
uid=1000 gid=0 groups=0

=== memory
MemTotal:       24684084 kB

=== processors
model name	: Intel(R) Xeon(R) Processor
model name	: Intel(R) Xeon(R) Processor

=== usable-processors
2

=== uptime
4623.97 5212.72

=== clock
1795478929

=== devices
character null

=== status
Name:	busybox
PPid:	8
CapEff:	00000000a80425fb
Seccomp:	2
Seccomp_filters:	1

=== namespaces
pid pid:[4026532191]
time 

=== settings
read-only

=== loopback
127.0.0.1 
10.0.2.2 a1b2

=== host-files
/tmp/a place a1b2
/proc/1/root/tmp/a place 
`;

test('an answer is taken apart into facts', () => {
  expect(testimonyOf(sectionsOf(answer))).toEqual({
    kernel: '6.18.44',
    processes: [
      { pid: 1, parent: 0, name: 'busybox' },
      { pid: 7, parent: 1, name: 'busybox' },
      { pid: 8, parent: 7, name: 'index.cgi' },
      { pid: 9, parent: 1, name: 'a) b (c)' },
    ],
    writer: 8,
    mounts: [
      { point: '/', type: 'overlay', line: 'overlay on / (overlay)' },
      { point: '/proc', type: 'proc', line: 'proc on /proc (proc)' },
    ],
    interfaces: ['eth0 02:42:ac:11:00:02'],
    uid: 1000,
    memoryBytes: 24684084 * 1024,
    processors: {
      models: ['Intel(R) Xeon(R) Processor', 'Intel(R) Xeon(R) Processor'],
      usable: 2,
    },
    uptimeMs: 4_623_970,
    clockMs: 1_795_478_929_000,
    devices: ['character null'],
    capabilities: 0xa80425fbn,
    seccomp: { mode: 2, filters: 1 },
    namespaces: new Map([['pid', 'pid:[4026532191]']]),
    settings: 'read-only',
    loopback: [
      { place: '127.0.0.1', answer: '' },
      { place: '10.0.2.2', answer: 'a1b2' },
    ],
    hostFiles: [
      { place: '/tmp/a place', answer: 'a1b2' },
      { place: '/proc/1/root/tmp/a place', answer: '' },
    ],
  });
});

test('the application is the one whose child’s child answers', () => {
  expect(applicationPid(testimonyOf(sectionsOf(answer)))).toBe(1);
  expect(applicationPid({})).toBeUndefined();
});

test('the application is found in whatever order its processes are listed, a script that lost its asker among them', () => {
  const processes = [
    { pid: 100, parent: 97, name: 'index.cgi' }, // 97 ended while the list was read
    { pid: 105, parent: 103, name: 'index.cgi' },
    { pid: 1, parent: 0, name: 'init' },
    { pid: 60, parent: 1, name: 'busybox' },
    { pid: 98, parent: 60, name: 'busybox' },
    { pid: 103, parent: 98, name: 'index.cgi' },
  ];
  expect(applicationPid({ processes, writer: 103 })).toBe(60);
  expect(applicationPid({ processes: processes.toReversed(), writer: 103 })).toBe(60);
});

test('empty sections leave their facts out', () => {
  const empty = answer.replace(/^(?!===).*$/gm, '');
  expect(testimonyOf(sectionsOf(empty))).toEqual({});
});

test('a kernel that does not count filters has at least one where there is a filter', () => {
  expect(testimonyOf(new Map([['status', ['Seccomp:\t2']]])).seccomp).toEqual({ mode: 2, filters: 1 });
  expect(testimonyOf(new Map([['status', ['Seccomp:\t0']]])).seccomp).toEqual({ mode: 0, filters: 0 });
});

test('no answer, however damaged, makes the reader fail', () => {
  const damaged = fc
    .tuple(fc.nat(answer.length), fc.nat(answer.length), fc.string())
    .map(([from, to, put]) => answer.slice(0, Math.min(from, to)) + put + answer.slice(Math.max(from, to)));
  fc.assert(
    fc.property(damaged, (text) => void applicationPid(testimonyOf(sectionsOf(text)))),
    { numRuns: 500 },
  );
});

describe('capabilities', () => {
  test('have names, as capsh prints them', () => {
    expect(namesOf(0xa80425fbn)).toEqual(
      (
        'chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod ' +
        'audit_write setfcap'
      ).split(' '),
    );
    expect(namesOf(0n)).toEqual([]);
  });

  test('that are newer than the list keep their number', () => {
    expect(namesOf(1n << 60n)).toEqual(['capability 60']);
  });
});
