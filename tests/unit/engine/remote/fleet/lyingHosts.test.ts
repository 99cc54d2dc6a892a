import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Failure } from '../../../../../main/contract/failures';
import type { Way } from '../../../../../main/engine/remote/fleet/channel';
import { dataFrame } from '../../../../../main/engine/remote/fleet/frames';
import type { HostLimits } from '../../../../../main/engine/remote/fleet/limits';
import { fakeRecord, healthy } from '../../../../support/fakes/fakeAnswers';
import { scripted, wayTo, type Say } from '../../../../support/fleet/channels';
import { collected, dataFolder, good, plan, removeFolder, runId } from '../../../../support/fleet/collecting';

let data: string;
beforeEach(() => (data = dataFolder()));
afterEach(() => removeFolder(data));

const sums = (text: string) => ({
  bytes: text.length,
  sha256: createHash('sha256').update(text).digest('hex'),
});

/** An agent that does all as it should until `file` is asked for. */
const honestUntilFile = (give: (id: number, file: string, say: Say) => void): Way =>
  scripted(({ id: asked, call, file }, say) => {
    if (call === 'doctor') say({ id: asked, output: healthy });
    else if (call === 'startRun') {
      say({ id: asked, output: runId });
      say({ over: runId });
    } else if (file) give(asked, file, say);
    else say({ id: asked });
  });
const gives = (asked: number, text: string, say: Say) => {
  say.bytes(dataFrame(asked, Buffer.from(text)));
  say({ id: asked, end: sums(text) });
  say({ id: asked });
};

const lies: [string, Way, Partial<Failure>][] = [
  [
    'refuses who comes',
    wayTo(({ gone }) => gone({ failure: { code: 'host-denied', output: 'publickey' } })),
    { code: 'host-denied' },
  ],
  ['says nothing', wayTo(() => undefined), { code: 'agent-silent' }],
  [
    'speaks another version',
    scripted(() => undefined, { hello: { protocol: '7.0', version: '7.0.0' } }),
    { code: 'agent-version', found: '7.0' },
  ],
  [
    'lacks what the plan needs',
    good({
      doctor: {
        ...healthy,
        targets: [
          { id: 'container', available: true },
          {
            ...{ id: 'vm:direct', available: false },
            why: { code: 'tool-missing', program: 'qemu-system-x86_64', package: 'qemu-system-x86' },
          },
        ],
      },
    })[1],
    { code: 'tool-missing', program: 'qemu-system-x86_64' },
  ],
  [
    'is at work',
    good({
      fails: { startRun: { code: 'machine-busy', call: 'run', pid: 7, startedAt: '2026-08-01' } },
    })[1],
    { code: 'machine-busy' },
  ],
  [
    'dies while it measures',
    scripted(({ id: asked, call }, say) => {
      if (call === 'doctor') say({ id: asked, output: healthy });
      if (call === 'startRun') {
        say({ id: asked, output: runId });
        say.gone({ exit: 'signal SIGKILL' });
      }
    }),
    { code: 'agent-ended', exit: 'signal SIGKILL' },
  ],
  [
    'falls silent while it measures',
    scripted(({ id: asked, call }, say) => {
      if (call === 'doctor') say({ id: asked, output: healthy });
      if (call === 'startRun') say({ id: asked, output: runId });
    }),
    { code: 'agent-silent' },
  ],
  [
    'tears a frame',
    scripted(({ id: asked }, say) => {
      say.bytes(Buffer.from([0, 0, 0, 99, 'j'.charCodeAt(0), 123]));
      say.says.end();
      void asked;
    }),
    { code: 'frames-broken', reason: 'frames-torn' },
  ],
  [
    'sends something else than its digest says',
    honestUntilFile((asked, _, say) => {
      say.bytes(dataFrame(asked, Buffer.from('x')));
      say({ id: asked, end: sums('y') });
    }),
    { code: 'transfer-damaged' },
  ],
  [
    'sends what is no run',
    honestUntilFile((asked, _, say) => gives(asked, '{}', say)),
    { code: 'run-unreadable' },
  ],
  [
    'sends another run than was asked for',
    honestUntilFile((asked, file, say) => {
      const other = JSON.stringify(fakeRecord(plan, '20200101-000000-0000'));
      gives(asked, file === 'record' ? other : '', say);
    }),
    { code: 'transfer-damaged' },
  ],
  [
    'sends a run that is under way',
    honestUntilFile((asked, file, say) =>
      gives(
        asked,
        file === 'record' ? JSON.stringify({ ...fakeRecord(plan, runId), state: 'running' }) : '',
        say,
      ),
    ),
    { code: 'transfer-damaged', what: `run.json: ${runId} running` },
  ],
  [
    'sends a record of a newer Tare',
    honestUntilFile((asked, _, say) => gives(asked, '{"schemaVersion": 99}', say)),
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

/** As a good one does up to the end of its run, but for what is said here. */
const goodBut = (otherwise: Record<string, (id: number, say: Say) => void>): Way =>
  scripted(({ id: asked, call, file }, say) => {
    const what = call ?? file!;
    if (otherwise[what]) return otherwise[what](asked, say);
    if (call === 'doctor') return say({ id: asked, output: healthy });
    if (call === 'startRun') return say({ id: asked, output: runId });
    if (call === 'clean') return say({ id: asked, output: { removed: [], left: [] } });
    say({ id: asked });
  });
/** What shows a host to be there is not looked at: these do. */
const times = { aliveEveryMs: 5000, silentAfterMs: 60_000 };
const over = (asked: number, say: Say) => {
  say({ id: asked, output: runId });
  say({ over: runId });
};

it.each<[string, keyof HostLimits, Parameters<typeof goodBut>[0]]>([
  ['never says what works there', 'doctorMs', { doctor: () => undefined }],
  ['never begins', 'startMs', { startRun: () => undefined }],
  ['never ends its run, and tells nothing of it', 'newsMs', {}],
  ['never gives what it has recorded', 'fileMs', { startRun: over, samples: () => undefined }],
  [
    'gives a part of it',
    'fileMs',
    { startRun: over, samples: (asked, say) => say.bytes(dataFrame(asked, Buffer.from('x'))) },
  ],
])('a host that is there and %s is a row with a reason', async (_, limit, otherwise) => {
  const { fleet } = await collected(data, { a: goodBut(otherwise) }, { times, limits: { [limit]: 100 } });
  expect(fleet.hosts[0]).toMatchObject({
    outcome: 'failed',
    failure: { code: 'agent-silent', afterMs: 100 },
  });
});

it('a host that is there and does not stop is not waited for', async () => {
  const stop = new AbortController();
  const way = goodBut({
    startRun(asked, say) {
      say({ id: asked, output: runId });
      setImmediate(() => stop.abort());
    },
  });
  const { fleet, state } = await collected(
    data,
    { a: way },
    { signal: stop.signal, times, limits: { stopMs: 100 } },
  );
  expect(state).toBe('stopped');
  expect(fleet.hosts[0]).toMatchObject({
    outcome: 'failed',
    failure: { code: 'agent-silent', afterMs: 100 },
  });
});

it('a host that says of another run that it is over is not believed', async () => {
  const startRun = (asked: number, say: Say) => {
    say({ id: asked, output: runId });
    say({ over: '20200101-000000-0000' });
  };
  const { fleet } = await collected(data, { a: goodBut({ startRun }) }, { times });
  expect(fleet.hosts[0]).toMatchObject({
    outcome: 'failed',
    failure: { code: 'frames-broken', reason: 'frames-no-message' },
  });
});

it('that no host could begin has failed, with the reasons of each', async () => {
  const { fleet, state, events } = await collected(data, { a: lies[0]![1], b: lies[2]![1] });
  expect(state).toBe('failed');
  expect(fleet.hosts.map(({ failure }) => failure?.code)).toEqual(['host-denied', 'agent-version']);
  expect(events.at(-1)).toMatchObject({ kind: 'run-ended', failure: { code: 'no-host', hosts: 2 } });
});
