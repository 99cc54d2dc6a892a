/** `tare run --events`: what a program is told, line by line, and how it has a run stopped. */
import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import type { Run } from '../../../../main/contract/run/run';
import { aliveEveryMs, silentAfterMs, StreamLine } from '../../../../main/contract/run/stream';
import { okHost, recordedRun } from '../../../support/fakes/hostRuns';
import { tare } from '../../../support/commandLine';

const runId = '20260801-130000-0000';
const plan = {
  name: 'own',
  workloads: [{ name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 2 ** 26 } }],
  targets: ['container', 'vm:direct'],
  trials: 2,
};
const oneLine = `${JSON.stringify(plan)}\n`;

interface Line {
  kind: string;
  [field: string]: unknown;
}
const linesOf = (stdout: string): Line[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const kindsOf = (lines: Line[]) => [...new Set(lines.map(({ kind }) => kind))];

/** Standard input at whose other end somebody stays. */
function attached(): PassThrough {
  const stdin = new PassThrough();
  stdin.write(oneLine);
  return stdin;
}

describe('the stream of events', () => {
  test('begins with its version and the run, tells what happens, and ends with the record', async () => {
    const { code, stdout, stderr } = await tare('run quick --events');
    const lines = linesOf(stdout);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(lines[0]).toEqual({ kind: 'start', schemaVersion: 1, version: '0.1.0', run: runId });
    expect(kindsOf(lines)).toEqual([
      ...['start', 'run-started', 'trial-started', 'phase', 'trial-ended', 'run-ended', 'record'],
    ]);
    expect((lines.at(-1) as unknown as { run: Run }).run.trials.length).toBeGreaterThan(0);
    for (const line of lines) expect(StreamLine.safeParse(line).error).toBeUndefined();
  });

  test('of several hosts tells on which each thing happens, and ends with the record of all', async () => {
    const { stdout } = await tare('run quick --events --host a=ssh://a --host b=ssh://b', {
      host: (name) => okHost(name, recordedRun()),
    });
    const lines = linesOf(stdout);
    expect(lines[0]).toMatchObject({ kind: 'start', schemaVersion: 1 });
    expect(kindsOf(lines)).toContain('hosts-started');
    expect(new Set(lines.flatMap(({ host }) => host ?? []))).toEqual(new Set(['a', 'b']));
    expect(lines.at(-1)).toMatchObject({ kind: 'record', fleet: { hosts: [{ name: 'a' }, { name: 'b' }] } });
  });

  test.each([
    ['run nothing --events', {}, { code: 'preset-unknown' }],
    [
      'run quick --events',
      { fails: { startRun: { code: 'run-under-way', id: runId } } },
      { code: 'run-under-way' },
    ],
  ] as const)('ends with the reason where “%s” cannot begin', async (words, behaviour, failure) => {
    const { stdout, stderr, code } = await tare(words, behaviour);
    expect(linesOf(stdout)).toEqual([
      { kind: 'start', schemaVersion: 1, version: '0.1.0' },
      { kind: 'failure', failure: expect.objectContaining(failure) as object },
    ]);
    expect(stderr).toContain('tare:');
    expect(code).not.toBe(0);
  });

  test('says that it is there while nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    const { stdout } = await tare('run quick --events', {
      endless: true,
      meanwhile: async (signals, { busy }) => {
        await busy;
        await vi.advanceTimersByTimeAsync(2.5 * aliveEveryMs);
        signals.emit('SIGINT');
      },
    }).finally(() => vi.useRealTimers());
    expect(linesOf(stdout).filter(({ kind }) => kind === 'alive')).toHaveLength(2);
  });

  test('lets a terminal obey nothing of what others wrote', async () => {
    const { stdout } = await tare('run quick --events', {
      events: (run) => [{ kind: 'warning', run, text: { key: 'x\u001b[2J\u009b2J\u202e', facts: {} } }],
    });
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(linesOf(stdout).find(({ kind }) => kind === 'warning')).toMatchObject({
      text: { key: 'x\u001b[2J\u009b2J\u202e' },
    });
  });

  test('is not asked for together with what else would be written', async () => {
    expect((await tare('run quick --events --json')).code).toBe(2);
  });
});

describe('a plan on standard input', () => {
  const asked = (inputs: { startRun?: unknown }) => (inputs.startRun as { plan: { name: string } }).plan.name;

  test.each([
    ['JSON', JSON.stringify(plan, undefined, 2)],
    [
      'YAML',
      `name: own\nworkloads:\n - { name: web, image: { kind: builtin, name: web }, limits: { memoryBytes: 64M } }\ntargets: [container]\ntrials: 1\n`,
    ],
  ])('is read to its end, as %s over several lines, and its end stops nothing', async (_, text) => {
    for (const words of ['run -', 'run - --events']) {
      const { code, stderr, engine } = await tare(words, { stdin: text });
      expect(code, stderr).toBe(0);
      expect(asked(engine.inputs)).toBe('own');
      expect(engine.log).not.toContain('stopRun');
    }
  });

  test('without --events is read to its end on one line, too', async () => {
    const { code, engine } = await tare('run -', { stdin: oneLine });
    expect(code).toBe(0);
    expect(engine.log).not.toContain('stopRun');
  });

  test('on one line belongs to who gave it: the run is stopped when the input ends', async () => {
    const stdin = attached();
    const { code, stdout, engine } = await tare('run - --events', {
      stdin,
      endless: true,
      meanwhile: async (_, { busy }) => {
        await busy;
        stdin.end();
      },
    });
    expect(code).toBe(130);
    expect(asked(engine.inputs)).toBe('own');
    expect(engine.log).toContain('stopRun');
    expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'record', run: { state: 'stopped' } });
  });

  test('and when who said that he is there says it no more', async () => {
    const stdin = attached();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { code, engine } = await tare('run - --events', {
      stdin,
      endless: true,
      meanwhile: async (_, { busy, log }) => {
        await busy;
        await vi.advanceTimersByTimeAsync(10 * silentAfterMs);
        expect(log, 'who never says it is not missed').not.toContain('stopRun');
        for (let minute = 0; minute < 5; minute += 1) {
          stdin.write('\n');
          await new Promise((resolve) => setImmediate(resolve));
          await vi.advanceTimersByTimeAsync(silentAfterMs - 1);
        }
        expect(log).not.toContain('stopRun');
        await vi.advanceTimersByTimeAsync(1);
      },
    }).finally(() => vi.useRealTimers());
    expect(code).toBe(130);
    expect(engine.log).toContain('stopRun');
  });

  test('that is none is refused with what is wrong', async () => {
    const { code, stdout } = await tare('run - --events', { stdin: 'name: [' });
    expect(code).toBe(2);
    expect(linesOf(stdout).at(-1)).toMatchObject({ failure: { code: 'plan-unreadable', path: 'stdin' } });
  });
});
