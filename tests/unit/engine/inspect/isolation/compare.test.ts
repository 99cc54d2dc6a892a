import { describe, expect, test } from 'vitest';
import en from '../../../../../assets/messages/en.json';
import { isolationFacts, standings, type IsolationFact } from '../../../../../main/contract/work/isolation';
import { comparisons, waysToLook, type Sides } from '../../../../../main/engine/inspect/isolation/compare';
import type { Testimony } from '../../../../../main/engine/inspect/isolation/testimony';

const names = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];
const initial = new Map(names.map((name, at) => [name, `${name}:[40265318${30 + at}]`]));
const own = (...changed: string[]) =>
  new Map([...initial].map(([name, identity]) => [name, changed.includes(name) ? `${name}:[1]` : identity]));

const host: Testimony = {
  kernel: '6.12.1',
  boot: 'aaaa-bbbb',
  hostname: 'workstation',
  processes: [
    { pid: 1, parent: 0, name: 'systemd' },
    { pid: 42, parent: 1, name: 'node' },
  ],
  mounts: [{ point: '/', type: 'ext4', line: '/dev/sda on / (ext4)' }],
  interfaces: ['eth0 aa', 'lo 00'],
  uid: 0,
  memoryBytes: 16e9,
  processors: { models: ['CPU', 'CPU'], usable: 2 },
  uptimeMs: 5_000_000,
  clockMs: 1.7e12,
  devices: ['block sda', 'character null', 'character console'],
  capabilities: 0xffn,
  seccomp: { mode: 0, filters: 0 },
  namespaces: initial,
  settings: 'writable',
};

const httpd = [
  { pid: 1, parent: 0, name: 'busybox' },
  { pid: 7, parent: 1, name: 'busybox' },
  { pid: 8, parent: 7, name: 'index.cgi' },
];

/** As Docker starts it without options. */
const inContainer: Testimony = {
  ...host,
  hostname: '0123456789ab',
  processes: httpd,
  writer: 8,
  mounts: [{ point: '/', type: 'overlay', line: 'overlay on / (overlay)' }],
  interfaces: ['eth0 bb', 'lo 00'],
  uptimeMs: 5_000_200,
  devices: ['character null'],
  capabilities: 0x0fn,
  seccomp: { mode: 2, filters: 1 },
  namespaces: own('ipc', 'mnt', 'net', 'pid', 'uts'),
  settings: 'read-only',
  loopback: [
    { place: '127.0.0.1', answer: '' },
    { place: '172.17.0.1', answer: 'somebody-else' },
  ],
  hostFiles: [{ place: '/tmp/mine', answer: '' }],
};

/** A guest whose every readable word happens to be the host's: the same kernel release, hostname, devices … */
const inMachine: Testimony = {
  ...host,
  boot: 'cccc-dddd',
  uptimeMs: 3000,
  processes: httpd,
  writer: 8,
  loopback: [
    { place: '127.0.0.1', answer: '' },
    { place: '10.0.2.2', answer: '' },
  ],
  hostFiles: [{ place: '/tmp/mine', answer: '' }],
};

const word = 'a1b2';
const known = { pid: 42, name: 'node' };
const application = { pid: 900, uid: 0, name: 'busybox', kind: 'application' } as const;
const machine = { pid: 901, uid: 1000, name: 'qemu', kind: 'machine' } as const;
const container = (inside: Partial<Testimony> = {}): Sides => ({
  host,
  inside: { ...inContainer, ...inside },
  outside: application,
  known,
  word,
});
const vm: Sides = { host, inside: inMachine, outside: machine, known, word };

const standingsOf = (sides: Sides) =>
  Object.fromEntries(isolationFacts.map((fact) => [fact, comparisons[fact].sight(sides).standing]));
const standing = (fact: IsolationFact, sides: Sides) => comparisons[fact].sight(sides).standing;

test('a container shares the kernel and what belongs to it, and has its own view of the rest', () => {
  expect(standingsOf(container())).toEqual({
    kernel: 'same',
    boot: 'same',
    clock: 'same',
    hostname: 'different',
    processes: 'hidden',
    'own-process': 'same',
    namespaces: 'partly',
    user: 'same',
    capabilities: 'different',
    seccomp: 'different',
    settings: 'different',
    mounts: 'different',
    'host-files': 'hidden',
    interfaces: 'different',
    loopback: 'hidden',
    devices: 'hidden',
    memory: 'same',
    processors: 'same',
  });
});

test('a VM with the very same words shares nothing of the kernel: its boot ID tells', () => {
  const shared = Object.entries(standingsOf(vm)).filter(([, one]) => one === 'same');
  // What is left is equal in value, as it would be on two equal computers.
  expect(shared.map(([fact]) => fact)).toEqual(['kernel', 'hostname', 'memory', 'processors']);
  expect(standing('processes', vm)).toBe('hidden');
  expect(standing('own-process', vm)).toBe('hidden');
  expect(comparisons['own-process'].sight(vm).outside!.text.key).toBe('isolation.value.pid-machine');
});

test('the first namespaces of every kernel have the same numbers, and are not taken for the host’s', () => {
  expect(inMachine.namespaces).toEqual(host.namespaces);
  expect(comparisons.namespaces.sight(vm)).toMatchObject({
    standing: 'different',
    inside: { text: { key: 'isolation.value.namespaces-own' } },
  });
});

describe('a wall that is taken down', () => {
  test('--pid=host: the host’s processes come into sight, and the namespace is named', () => {
    const open = container({ processes: [...host.processes!, ...httpd], namespaces: own('mnt', 'net') });
    expect(standing('processes', open)).toBe('same');
    expect(comparisons.namespaces.sight(open).inside!.text.facts.names).toBe('cgroup ipc pid time user uts');
  });

  test('of namespaces, those that are its own are counted, and the others named', () => {
    expect(comparisons.namespaces.sight(container()).inside!.text).toEqual({
      key: 'isolation.value.namespaces-partly',
      facts: { own: 5, of: 8, names: 'cgroup time user' },
    });
    expect(comparisons.namespaces.sight(container({ namespaces: own() }))).toMatchObject({
      standing: 'same',
      inside: { text: { key: 'isolation.value.namespaces-shared' } },
    });
  });

  test('--outgoing: whoever tells the word has reached the host’s own service, wherever it answered', () => {
    const open = { ...vm, inside: { ...inMachine, loopback: [{ place: '10.0.2.2', answer: word }] } };
    expect(comparisons.loopback.sight(open)).toEqual({
      standing: 'same',
      inside: {
        text: { key: 'isolation.value.loopback-reached', facts: { places: '10.0.2.2' } },
        evidence: [`10.0.2.2: ${word}`],
      },
    });
    const read = container({ hostFiles: [{ place: '/proc/1/root/tmp/mine', answer: word }] });
    expect(standing('host-files', read)).toBe('same');
  });

  test('another process that only has the number of ours is not the host’s', () => {
    const chance = container({ processes: [{ pid: 42, parent: 1, name: 'sh' }, ...httpd] });
    expect(standing('processes', chance)).toBe('hidden');
  });

  test('--privileged: capabilities, filter, settings and devices are the host’s', () => {
    const open = container({
      capabilities: 0xffn,
      seccomp: { mode: 0, filters: 0 },
      settings: 'writable',
      devices: ['block sda', 'character null'],
    });
    for (const fact of ['capabilities', 'seccomp', 'settings', 'devices'] as const) {
      expect(standing(fact, open), fact).toBe('same');
    }
  });

  test('a user namespace makes root inside somebody else outside', () => {
    expect(standing('user', { ...container(), outside: { ...application, uid: 100_000 } })).toBe('different');
    expect(standing('user', container({ uid: 1000 }))).toBe('different');
  });
});

describe('what cannot be read', () => {
  test('on either side is unreadable, and never taken for equal', () => {
    const blind: Sides = { host: {}, inside: {}, known, word };
    expect(new Set(Object.values(standingsOf(blind)))).toEqual(new Set(['unreadable']));
    const shared = Object.entries(standingsOf({ ...container(), host: {} })).filter(
      ([, one]) => one === 'same',
    );
    expect(shared.map(([fact]) => fact)).toEqual(['own-process', 'user']); // seen from outside all the same
    expect(comparisons.kernel.host!({})).toBeUndefined();
  });

  test('a process that the host does not see is neither the application nor its machine', () => {
    expect(comparisons['own-process'].sight({ host, inside: inContainer, known, word })).toMatchObject({
      standing: 'unreadable',
      inside: { text: { facts: { pid: '1' } } },
    });
  });
});

test('two clocks that differ by a few seconds are not one clock', () => {
  expect(standing('clock', container({ uptimeMs: 4_990_000 }))).toBe('different');
});

test('every fact, standing and value has words, and every fact a way to look for oneself', () => {
  const keys = [
    ...isolationFacts.map((fact) => `isolation.fact.${fact}`),
    ...standings.map((one) => `isolation.standing.${one}`),
    ...[
      container(),
      vm,
      container({ seccomp: { mode: 0, filters: 0 } }),
      container({
        loopback: [{ place: 'x', answer: word }],
        hostFiles: [{ place: 'y', answer: word }],
      }),
    ].flatMap((sides) =>
      isolationFacts.flatMap((fact) => {
        const { inside, outside } = comparisons[fact].sight(sides);
        return [inside, outside, comparisons[fact].host?.(host)].flatMap((seen) => seen?.text.key ?? []);
      }),
    ),
  ];
  expect(keys.filter((key) => !(key in en))).toEqual([]);
  expect(Object.keys(waysToLook).sort()).toEqual([...isolationFacts].sort());
});
