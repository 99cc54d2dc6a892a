/** Hosts that lie, hang, die, flood and are cut off: each is a row with a reason, and the others are measured. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Failure } from '../../../../../main/contract/failures';
import type { Way } from '../../../../../main/engine/remote/fleet/channel';
import type { HostLimits } from '../../../../../main/engine/remote/fleet/limits';
import { fakeRecord, healthy } from '../../../../support/fakes/fakeAnswers';
import { answering, hostThat, record, start, wayTo, type Far } from '../../../../support/fleet/channels';
import { collected, dataFolder, good, plan, removeFolder, runId } from '../../../../support/fleet/collecting';

let data: string;
beforeEach(() => (data = dataFolder()));
afterEach(() => removeFolder(data));

/** A host that says this of its run, and ends. */
const telling = (...lines: unknown[]): Way =>
  hostThat({
    run({ say, gone }) {
      lines.forEach(say);
      gone();
    },
  });
const running = (then: (far: Far) => void): Way =>
  hostThat({
    run(far) {
      far.say(start);
      then(far);
    },
  });
const lacking = {
  ...healthy,
  targets: [
    { id: 'container', available: true },
    {
      ...{ id: 'vm:direct', available: false },
      why: { code: 'tool-missing', program: 'qemu-system-x86_64', package: 'qemu-system-x86' },
    },
  ],
};
const event = { kind: 'samples', run: runId, samples: [] };

const lies: [string, Way, Partial<Failure>][] = [
  [
    'refuses who comes',
    wayTo(({ gone }) => gone({ failure: { code: 'host-denied', output: 'publickey' } })),
    { code: 'host-denied' },
  ],
  ['speaks another version', telling({ ...start, schemaVersion: 7 }), { code: 'agent-version', found: '7' }],
  ['lacks what the plan needs', hostThat({ doctor: answering(lacking) }), { code: 'tool-missing' }],
  [
    'is at work',
    good({ fails: { startRun: { code: 'machine-busy', call: 'run', pid: 7, startedAt: '2026-08-01' } } })[1],
    { code: 'machine-busy' },
  ],
  [
    'says nothing of what works there',
    hostThat({ doctor: ({ gone }) => gone() }),
    { code: 'frames-broken', reason: 'frames-no-greeting' },
  ],
  [
    'says something else of it',
    hostThat({ doctor: answering({ checks: 7 }) }),
    { code: 'frames-broken', reason: 'frames-no-message' },
  ],
  [
    'cannot say it',
    hostThat({ doctor: ({ gone }) => gone({ exit: 'exit 1', output: 'no Node.js' }) }),
    { code: 'agent-ended', exit: 'exit 1', output: 'no Node.js' },
  ],
  [
    'dies while it measures',
    running(({ gone }) => gone({ exit: 'signal SIGKILL' })),
    { code: 'agent-ended', exit: 'signal SIGKILL' },
  ],
  ['falls silent while it measures', running(() => undefined), { code: 'agent-silent' }],
  ['ends without a record', telling(start, event), { code: 'frames-broken', reason: 'frames-torn' }],
  [
    'ends in the middle of it',
    telling(start, JSON.stringify(record).slice(0, 500)),
    { code: 'frames-broken', reason: 'frames-torn' },
  ],
  [
    'floods with lines of something else',
    hostThat({
      run({ says }) {
        const flood = () => {
          while (says.writable && says.write(`${'x'.repeat(1000)}\n`));
          if (says.writable) says.once('drain', flood);
        };
        flood();
      },
    }),
    { code: 'frames-broken', reason: 'frames-no-greeting' },
  ],
  [
    'floods with a line without an end',
    running(({ says }) => {
      const much = Buffer.alloc(2 ** 20, 'x');
      const flood = () => {
        while (says.writable && says.write(much));
        if (says.writable) says.once('drain', flood);
      };
      flood();
    }),
    { code: 'frames-broken', reason: 'frames-too-large' },
  ],
  ['says what is no JSON', telling(start, 'woe\n'), { code: 'frames-broken', reason: 'frames-not-json' }],
  [
    'says what is no text',
    running(({ says }) => says.write(Buffer.from([0xff, 0xfe, 0x0a]))),
    { code: 'frames-broken', reason: 'frames-not-utf8' },
  ],
  ['says a list', telling(start, '[]\n'), { code: 'frames-broken', reason: 'frames-no-message' }],
  [
    'nests without an end',
    telling(start, `{"kind":"x","of":${'['.repeat(5000)}${']'.repeat(5000)}}\n`),
    { code: 'frames-broken', reason: 'frames-no-message' },
  ],
  ['gives what is no run', telling(start, { kind: 'record', run: {} }), { code: 'run-unreadable' }],
  ['gives nothing as a run', telling(start, { kind: 'record' }), { code: 'frames-broken' }],
  [
    'gives another run than it began',
    telling(start, { kind: 'record', run: fakeRecord(plan, '20200101-000000-0000') }),
    { code: 'transfer-damaged' },
  ],
  [
    'gives a run that is under way',
    telling(start, { kind: 'record', run: { ...fakeRecord(plan, runId), state: 'running' } }),
    { code: 'transfer-damaged', what: `run.json: ${runId} running` },
  ],
  [
    'gives a record of a newer Tare',
    telling(start, { kind: 'record', run: { schemaVersion: 99 } }),
    { code: 'run-too-new' },
  ],
];

it('whatever a host does, it is a row with a reason, and the others are measured', async () => {
  const ways = Object.fromEntries(lies.map(([, way], at) => [`liar${at}`, way]));
  const { fleet, state } = await collected(data, { first: good()[1], ...ways, last: good()[1] });
  expect(state).toBe('done');
  const rows = fleet.hosts.map(({ outcome, failure, run }) => ({
    outcome,
    failure,
    hasRun: run !== undefined,
  }));
  expect(rows.at(0)).toEqual({ outcome: 'ok', failure: undefined, hasRun: true });
  expect(rows.at(-1)).toEqual({ outcome: 'ok', failure: undefined, hasRun: true });
  for (const [at, [what, , failure]] of lies.entries()) {
    expect(rows[at + 1]!.outcome, what).toBe('failed');
    expect(rows[at + 1]!.failure, what).toMatchObject(failure);
    expect(rows[at + 1]!.hasRun, what).toBe(false);
  }
});

it('what a host says instead of JSON reaches no terminal as it is', async () => {
  const way = hostThat({ doctor: ({ say, gone }) => (say('\u001b[2J\u202eowned\n'), gone()) });
  const { fleet } = await collected(data, { a: way });
  expect(fleet.hosts[0]!.failure).toMatchObject({ code: 'frames-broken', output: '[2J owned' });
});

it('what a login shell prints before is passed over, and so is what a later Tare tells', async () => {
  const shell = 'Welcome to bench1!\n{ it is } a fine day\n';
  const { fleet, events } = await collected(data, {
    a: hostThat({
      doctor: ({ say, gone }) => (say('Welcome to bench1!\n'), say(healthy), gone()),
      run({ say, gone }) {
        say(shell);
        say(start);
        say({ kind: 'weather', rain: true });
        say({ kind: 'phase', run: 7 });
        say({ ...event, sun: 'shines' });
        say(record);
        gone();
      },
    }),
  });
  expect(fleet.hosts[0]).toMatchObject({ outcome: 'ok', runId, version: '9.9.9' });
  expect(events.filter(({ kind }) => kind === 'samples')).toHaveLength(1);
});

it('a host speaks for no other, and not for all', async () => {
  const way = telling(
    start,
    { ...event, host: 'b' },
    { kind: 'host', run: runId, host: 'b', stage: 'failed' },
    { kind: 'hosts-started', run: runId, plan, hosts: [] },
    record,
  );
  const { events } = await collected(data, { a: way });
  expect(events.filter(({ kind }) => kind === 'hosts-started')).toHaveLength(1);
  expect(events.flatMap(({ host }) => host ?? [])).not.toContain('b');
});

it.each<[string, keyof HostLimits, Parameters<typeof hostThat>[0]]>([
  ['never says what works there', 'doctorMs', { doctor: () => undefined }],
  ['never begins', 'helloMs', { run: () => undefined }],
  [
    'is there, never ends its run, and tells nothing of it',
    'newsMs',
    {
      run({ say, heard }) {
        say(start);
        const alive = setInterval(() => say({ kind: 'alive' }), 20);
        heard.once('end', () => clearInterval(alive)).resume();
      },
    },
  ],
  ['says nothing', 'silentMs', { run: ({ say }) => say(start) }],
])('a host that %s is a row with a reason', async (_, limit, otherwise) => {
  const { fleet } = await collected(data, { a: hostThat(otherwise) }, { limits: { [limit]: 100 } });
  expect(fleet.hosts[0]).toMatchObject({
    outcome: 'failed',
    failure: { code: 'agent-silent', afterMs: 100 },
  });
});

it('a host that is there and does not stop is not waited for', async () => {
  const stop = new AbortController();
  const way = running(() => setImmediate(() => stop.abort()));
  const { fleet, state } = await collected(
    data,
    { a: way },
    { signal: stop.signal, limits: { stopMs: 100 } },
  );
  expect(state).toBe('stopped');
  expect(fleet.hosts[0]).toMatchObject({
    outcome: 'failed',
    failure: { code: 'agent-silent', afterMs: 100 },
  });
});

it('a host that was lost while it measured is swept, where it can be reached again', async () => {
  const removed = [{ kind: 'container', name: 'tare-x-1', session: 'x' }];
  const way = hostThat({
    run: ({ say, gone }) => (say(start), gone({ exit: 'exit 255' })),
    clean: answering({ removed, kept: [] }),
  });
  const { events } = await collected(data, { a: way });
  expect(events.find(({ kind }) => kind === 'warning')).toMatchObject({
    host: 'a',
    text: { key: 'warning.host-swept', facts: { count: 1 } },
  });
});

it('that no host could begin has failed, with the reasons of each', async () => {
  const { fleet, state, events } = await collected(data, { a: lies[0]![1], b: lies[1]![1] });
  expect(state).toBe('failed');
  expect(fleet.hosts.map(({ failure }) => failure?.code)).toEqual(['host-denied', 'agent-version']);
  expect(events.at(-1)).toMatchObject({ kind: 'run-ended', failure: { code: 'no-host', hosts: 2 } });
});
