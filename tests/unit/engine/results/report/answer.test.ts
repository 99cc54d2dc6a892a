import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import type { AnswerRow } from '../../../../../main/contract/report/report';
import { presets } from '../../../../../main/engine/measure/workloads/presets';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { logCentre } from '../../../../../main/engine/results/statistics/contrast';
import { median } from '../../../../../main/engine/results/statistics/summary';
import { fakeReportedRun, fakeRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';
import { read } from '../../../../support/fakes/reports';

const MiB = 1024 ** 2;
const answerOf = (options: FakeRunOptions = {}) => fakeReportedRun(options).report.answer!;
const rowOf = (options: FakeRunOptions, id: AnswerRow['id']) =>
  answerOf(options).rows.find((row) => row.id === id)!;
const textOf = (options: FakeRunOptions) => answerOf(options).text;

describe('the sentence', () => {
  test.each(presets.map(({ name }) => name))('of %s has words in both languages, no open fact', (preset) => {
    for (const accelerator of ['kvm', 'tcg'] as const) {
      const answer = answerOf({ preset, accelerator });
      for (const locale of locales)
        for (const message of [
          answer.text,
          ...answer.doubts,
          ...answer.rows.flatMap(({ sureness }) => sureness ?? []),
        ])
          expect(say(locale, message)).not.toMatch(/[{}]|undefined|NaN|Infinity/);
    }
  });

  test('tells which needs more memory, how many times as much, with both figures', () => {
    const run = fakeRun();
    const [container, vm] = ['container', 'vm:direct'].map((target) =>
      logCentre(read(run.trials, 'web', target, ({ memory }) => memory.hostBytes)),
    );
    expect(textOf({})).toMatchObject({
      key: 'answer.memory.differs.limit',
      facts: {
        more: { words: 'answer.subject.vm:direct' },
        less: { words: 'answer.object.container' },
        moreValue: { bytes: expect.closeTo(vm!, 0) as number },
        lessValue: { bytes: container },
      },
    });
    expect(say('en', textOf({}))).toBe(
      'A VM needs 19 × the memory of a container for the same application, with a limit of 512 MiB: 191 MiB, not 10 MiB.',
    );
  });

  test('names the limits that it holds for, where there is a VM', () => {
    expect(say('en', textOf({ preset: 'three-apps' }))).toContain(', with a limit of 1 – 4 GiB: ');
    const { key } = textOf({ plan: { targets: ['container', 'process'] } });
    expect(key).not.toContain('limit');
  });

  const withMemory = (trials: number, bytes: (round: number, isVm: boolean) => number): FakeRunOptions => ({
    plan: { trials },
    change: (trial) => (trial.memory.hostBytes = bytes(trial.index, trial.target !== 'container')),
  });

  test.each([
    ['differs.limit', withMemory(8, (round, isVm) => (isVm ? 0.5 : 1) * (100 + (round % 3)) * MiB)],
    ['same.limit', withMemory(12, (round, isVm) => ((isVm ? 7 : 3) * (round % 4) * 0.1 + 100) * MiB)],
    ['unclear', withMemory(6, (round, isVm) => (100 + (isVm ? 60 : 20) * ((round * 5) % 4)) * MiB)],
    ['no-interval.limit', withMemory(1, (_, isVm) => (isVm ? 200 : 10) * MiB)],
  ])('of two that %s says so', (form, options) => {
    expect(textOf(options).key).toBe(`answer.memory.${form}`);
  });

  test('names the one that needs more first, whichever it is', () => {
    const options = withMemory(8, (round, isVm) => (isVm ? 0.5 : 1) * (100 + (round % 3)) * MiB);
    expect(textOf(options).facts).toMatchObject({
      more: { words: 'answer.subject.container' },
      less: { words: 'answer.object.vm:direct' },
    });
    expect((textOf(options).facts.ratio as { times: number }).times).toBeCloseTo(2, 1);
  });

  test('of a single way of running holds it against nothing', () => {
    const answer = answerOf({ plan: { targets: ['container'] } });
    expect(answer.text.key).toBe('answer.memory.single');
    expect(answer.rows.map(({ sides }) => sides.length)).toEqual([1, 1, 1]);
    expect(answer.rows.some(({ sureness }) => sureness)).toBe(false);
  });

  test('never is about the start of emulated VMs as if it were that of VMs', () => {
    const change: FakeRunOptions['change'] = ({ memory }) => delete memory.hostBytes;
    expect(textOf({ change }).key).toBe('answer.start-up.emulated');
    expect(textOf({ change, accelerator: 'kvm', plan: { trials: 8 } }).key).toMatch(
      /^answer\.start-up\.(?!emulated)/,
    );
    expect(rowOf({}, 'start-up').sureness!.key).toBe('answer.sureness.only-here');
  });

  test('of an accelerator that changed meanwhile compares nothing', () => {
    const change: FakeRunOptions['change'] = (trial) => {
      if (trial.target === 'vm:direct' && trial.index === 1) trial.accelerator = 'kvm';
    };
    const answer = answerOf({ change });
    expect(answer.text.key).toBe('answer.memory.mixed');
    expect(answer.rows[0]!.sides[1]!.against!.judgement).toBe('not-comparable');
    expect(answer.rows[0]!.sureness!.key).toBe('answer.sureness.mixed');
  });

  test('is absent where no trial counts', () => {
    const { report } = fakeReportedRun({
      change: (trial) => {
        trial.outcome = 'failed';
        trial.failure = { code: 'stopped' };
      },
    });
    expect(report.answer).toBeUndefined();
  });
});

describe('the rows', () => {
  const several = { preset: 'three-apps' };

  test('add the memory of several applications up by round, and tell the mean of their starts', () => {
    const run = fakeRun(several);
    const perRound = (target: string, of: (round: typeof run.trials) => number) =>
      [0, 1, 2].map((index) => of(run.trials.filter((one) => one.target === target && one.index === index)));
    const [memory, start] = [rowOf(several, 'memory'), rowOf(several, 'start-up')];
    for (const side of memory.sides) {
      const sums = perRound(side.target, (round) =>
        round.reduce((sum, one) => sum + one.memory.hostBytes!, 0),
      );
      expect(side.points).toEqual(sums);
      expect(side.value).toBeCloseTo(logCentre(sums), 0);
    }
    for (const side of start.sides) {
      const means = perRound(side.target, (round) => round.reduce((sum, one) => sum + one.readyMs!, 0) / 3);
      expect(side.points!.map(Math.round)).toEqual(means.map(Math.round));
    }
    expect([memory.about?.key, start.about?.key]).toEqual(['answer.about.all', 'answer.about.mean']);
    expect(rowOf({}, 'memory').about).toBeUndefined();
  });

  test('leave out a target that did not run the same applications', () => {
    const { sides } = rowOf({ preset: 'claims' }, 'memory');
    expect(sides.map(({ target }) => target)).toEqual(['container', 'vm:direct']);
  });

  test('begin with the container, then go from thin to thick', () => {
    const plan = { targets: ['vm:micro', 'vm:direct', 'container', 'process'] as const };
    const targets = rowOf({ plan: { targets: [...plan.targets] } }, 'memory').sides.map(
      ({ target }) => target,
    );
    expect(targets).toEqual(['container', 'process', 'vm:micro', 'vm:direct']);
  });

  test('tell what the first instance takes, of one application only', () => {
    const [container] = rowOf({}, 'memory').sides;
    const run = fakeRun();
    const shared = median(read(run.trials, 'web', 'container', ({ memory }) => memory.sharedFileBytes));
    expect(container!.first).toBeCloseTo(container!.value + shared, 3);
    expect(rowOf(several, 'memory').sides.some(({ first }) => first !== undefined)).toBe(false);
  });

  test('tell kernel and initrd of VMs beside their disk, and count them in the ratio', () => {
    const change: FakeRunOptions['change'] = ({ target, disk }) => {
      if (target === 'vm:direct') disk.kernelBytes = 57 * MiB;
    };
    const [container, vm] = rowOf({ change }, 'disk').sides;
    expect(vm!.shared!.value).toBe(57 * MiB);
    expect(vm!.against!.ratio).toBeCloseTo((vm!.value + 57 * MiB) / container!.value, 6);
  });

  test('count an image that two applications run once', () => {
    const run = fakeRun(several);
    run.environment.images.forEach((image) => (image.fingerprint = 'sha256:same'));
    const disk = makeReport(run, []).answer!.rows.find(({ id }) => id === 'disk')!;
    expect(disk.sides[0]!.value).toBe(2_271_040 + 4096);
  });

  test.each([3, 6, 20])('agree with the ratio to the last digit, after %i rounds', (trials) => {
    for (const preset of ['quick', 'three-apps'] as const) {
      const { rows, text } = answerOf({ preset, plan: { trials } });
      for (const { sides } of rows.filter(({ id }) => id !== 'disk')) {
        const [base, other] = sides;
        expect(other!.value / base!.value / other!.against!.ratio).toBeCloseTo(1, 12);
        expect(other!.interval!.low / base!.value / other!.against!.interval!.low).toBeCloseTo(1, 12);
      }
      const { moreValue, lessValue, ratio } = text.facts as Record<string, { bytes: number; times: number }>;
      expect(moreValue!.bytes / lessValue!.bytes / ratio!.times).toBeCloseTo(1, 12);
    }
  });

  test('have no interval that is too wide for any use', () => {
    expect(rowOf({ change: noisy }, 'memory').sides.map(({ interval }) => interval)).toEqual([
      undefined,
      undefined,
    ]);
    expect(rowOf({ change: noisy }, 'memory').sureness!.key).toMatch(/noisy|direction|unclear/);
  });
  const noisy: FakeRunOptions['change'] = (trial) => {
    if (trial.target === 'vm:direct') trial.memory.hostBytes! *= [1, 900, 3][trial.index]!;
  };

  test('tell the ratio without the emulator’s own memory, only where there is an emulator', () => {
    const said = (options: FakeRunOptions) =>
      answerOf(options).doubts.find(({ key }) => key === 'answer.doubt.emulator');
    const run = fakeRun();
    const own = (part: string) =>
      median(
        read(
          run.trials,
          'web',
          'vm:direct',
          ({ memory: { parts } }) => parts.find((one) => one.part === part)!.bytes,
        ),
      );
    expect((said({})!.facts.emulator as { bytes: number }).bytes).toBe(own('translation'));
    expect(said({ accelerator: 'kvm' })).toBeUndefined();
    expect(said({ plan: { trials: 1 } })).toBeUndefined();
  });

  test('call the disk exact where every round counted the same, and nowhere else', () => {
    expect(rowOf({}, 'disk').sureness!.key).toBe('answer.sureness.exact');
    const change: FakeRunOptions['change'] = ({ index, disk }) => {
      disk.writtenBytes = index * MiB;
    };
    expect(rowOf({ change }, 'disk').sureness).toBeUndefined();
  });

  test('of two that take the same disk say so', () => {
    const change: FakeRunOptions['change'] = ({ target, disk }) => {
      if (target === 'vm:direct') disk.vmDiskBytes = 2_271_040 + 4096;
    };
    expect(rowOf({ change }, 'disk').sides[1]!.against!.judgement).toBe('same');
  });

  test('that cannot be told apart have the interval of the ratio that the picture shows', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const change: FakeRunOptions['change'] = (trial) => {
        trial.memory.hostBytes =
          (trial.target === 'container' ? [90, 110, 130] : [80, 100, 140])[(trial.index + seed) % 3]! * MiB;
      };
      const { sides, sureness } = rowOf({ change }, 'memory');
      expect(sureness!.key).toBe('answer.sureness.unclear');
      const { low, high } = sureness!.facts as { low: number; high: number };
      expect(sides[1]!.against!.ratio).toBeGreaterThanOrEqual(low);
      expect(sides[1]!.against!.ratio).toBeLessThanOrEqual(high);
    }
  });
});

describe('doubts', () => {
  test('are told once each, emulation among them, the gravest first', () => {
    const { doubts } = answerOf({ preset: 'three-apps' });
    const keys = doubts.map(({ key }) => key);
    expect(keys[0]).toBe('answer.doubt.emulated');
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.includes('emulated'))).toHaveLength(1);
    expect(answerOf({ accelerator: 'kvm' }).doubts.map(({ key }) => key)).not.toContain(
      'answer.doubt.emulated',
    );
  });

  test('name few rounds only where a row is not sure', () => {
    const keys = (options: FakeRunOptions) => answerOf(options).doubts.map(({ key }) => key);
    expect(keys({})).toContain('answer.doubt.few');
    expect(keys({ plan: { trials: 10 } })).not.toContain('answer.doubt.few');
    // of one round its rows say so themselves
    expect(keys({ plan: { trials: 1 } })).not.toContain('answer.doubt.few');
  });

  test('come with a number of rounds that would do, more than there were, never more than a hundred', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { surerRounds } = answerOf({ seed });
      if (surerRounds === undefined) continue;
      expect(surerRounds).toBeGreaterThan(3);
      expect(surerRounds).toBeLessThanOrEqual(100);
    }
    expect(answerOf({ plan: { trials: 1 } }).surerRounds).toBe(5);
  });
});

describe('applications', () => {
  test('are a row each, with memory, start and both ratios', () => {
    const { applications } = answerOf({ preset: 'three-apps' });
    expect(applications!.rows.map(([name]) => name!.value)).toEqual(['web', 'api', 'worker']);
    for (const [, container, vm, ratio] of applications!.rows)
      expect(ratio!.value).toBeCloseTo((vm!.value as number) / (container!.value as number), 0);
  });

  test('have the smallest and the largest ratio as their title, with whose they are', () => {
    const { title, rows } = answerOf({ preset: 'three-apps' }).applications!;
    expect(title.key).toBe('finding.applications');
    const ratioOf = (name: unknown) => rows.find(([one]) => one!.value === name)![3]!.value as number;
    const all = rows.map((row) => row[3]!.value as number);
    expect(ratioOf(title.facts.least)).toBe(Math.min(...all));
    expect(ratioOf(title.facts.most)).toBe(Math.max(...all));
    expect(title.facts).toMatchObject({
      low: { times: Math.min(...all) },
      high: { times: Math.max(...all) },
    });
  });

  test('are not told of a single one', () => expect(answerOf().applications).toBeUndefined());
});
