import { beforeEach, describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../../main/contract/events';
import type { Progress } from '../../../../../main/contract/work/progress';
import { WorkRecords } from '../../../../../main/engine/base/work/records';
import { fakeKit } from '../../../../support/fakes/fakeAnswers';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const step = (name: Progress['step'], state: Progress['state'] = 'started'): Progress => ({
  step: name,
  subject: 'x',
  state,
  elapsedMs: 0,
});
const stopped = { ok: false, failure: { code: 'stopped' } } as const;

let events: TareEvent[];
let records: WorkRecords;
beforeEach(() => {
  events = [];
  records = new WorkRecords((event) => events.push(event));
});

describe('the records of longer work', () => {
  it('tell of its beginning, of a stop that was asked for, and of its end', () => {
    const begun = records.begin('buildKit', { kernel: 'minimal' });
    records.stopping('buildKit');
    records.end('buildKit', stopped);
    expect(events).toEqual([
      { kind: 'work', work: begun },
      { kind: 'work', work: { ...begun, stopping: true } },
      { kind: 'work', work: { ...begun, stopping: true, answer: stopped } },
    ]);
    expect(begun).not.toHaveProperty('answer');
  });

  it('hold the steps of each so far, and none of what is no such work', () => {
    records.begin('buildKit', { kernel: 'minimal' });
    records.begin('pullImage', { reference: 'web:1' });
    const progress = (job: 'buildKit' | 'isolation', told: Progress): TareEvent => ({
      kind: 'progress',
      job,
      progress: told,
    });
    for (const event of [
      progress('buildKit', step('kit-download')),
      progress('buildKit', step('kit-kernel')),
      progress('buildKit', step('kit-download', 'done')),
      progress('isolation', step('kit-unpack')),
      { kind: 'progress', progress: step('kit-unpack') } as const,
      { kind: 'progress', run: '20261123-160000-cccc', progress: step('disk') } as const,
    ])
      records.note(event);
    expect(records.all()).toMatchObject([
      { kind: 'buildKit', steps: [step('kit-download', 'done'), step('kit-kernel')] },
      { kind: 'pullImage', steps: [] },
    ]);
  });

  it('hold those of a run apart', () => {
    const run = '20261123-160000-cccc';
    records.begin('run', { plan: fakeRun().plan }, run);
    records.note({ kind: 'progress', run, progress: step('disk') });
    records.note({ kind: 'progress', progress: step('kit-unpack') });
    expect(records.all()).toMatchObject([{ kind: 'run', run, steps: [step('disk')] }]);
  });

  it('hold how far each host of a run has come, and none of their steps among those of the run', () => {
    const run = '20261123-160000-cccc';
    const { plan, trials } = fakeRun();
    const trial = trials[0]!;
    records.begin('run', { plan }, run);
    const hosts = [
      { name: 'local', way: 'local' as const },
      { name: 'bench1', way: 'ssh' as const },
    ];
    const failure = { code: 'stopped' } as const;
    for (const event of [
      { kind: 'hosts-started', run, plan, hosts },
      { kind: 'host', run, host: 'local', stage: 'connecting' },
      { kind: 'host', run, host: 'bench1', stage: 'connecting' },
      { kind: 'host', run, host: 'local', stage: 'measuring', version: '0.2.0' },
      { kind: 'progress', run, host: 'local', progress: step('disk') },
      { kind: 'run-started', run, host: 'local', plan, trials: 4 },
      { kind: 'trial-ended', run, host: 'local', trial, warmup: false, done: 1, of: 4 },
      { kind: 'host', run, host: 'bench1', stage: 'failed', failure },
      { kind: 'host', run, host: 'stranger', stage: 'measuring' },
    ] satisfies TareEvent[])
      records.note(event);
    expect(records.all()).toMatchObject([
      {
        kind: 'run',
        steps: [],
        hosts: [
          { ...hosts[0], stage: 'measuring', version: '0.2.0', trials: { done: 1, of: 4 } },
          { ...hosts[1], stage: 'failed', failure },
        ],
      },
    ]);
  });

  it('hold a workflow as far as it has come', () => {
    const report = { takenAt: '', source: { kind: 'starter' }, state: 'running', ways: [] } as const;
    records.note({ kind: 'workflow', report: { ...report, ways: [] } });
    expect(records.all()).toEqual([]);
    records.begin('workflow', { source: { kind: 'starter' }, machine: 'none', fresh: false });
    records.note({ kind: 'workflow', report: { ...report, ways: [] } });
    expect(records.all()).toMatchObject([{ followed: report }]);
  });

  it('keep of each kind what ended last beside what is under way, in the order in which it began', () => {
    const ids = [1, 2, 3].map(() => {
      const { id } = records.begin('buildKit', { kernel: 'minimal' });
      records.end('buildKit', { ok: true, value: fakeKit });
      return id;
    });
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    records.begin('pullImage', { reference: 'web:1' });
    records.begin('buildKit', { kernel: 'distribution' });
    expect(records.all()).toMatchObject([
      { id: ids[2], kind: 'buildKit', answer: { ok: true, value: fakeKit } },
      { kind: 'pullImage' },
      { kind: 'buildKit', input: { kernel: 'distribution' } },
    ]);
  });
});
