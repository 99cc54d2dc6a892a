import { describe, expect, it } from 'vitest';
import { weaknessesOf } from '../../../../renderer/state/weaknesses';
import { fakeReportedRun } from '../../../support/fakes/fakeRun';

const weakest = (options?: Parameters<typeof fakeReportedRun>[0]) => {
  const { verdicts } = fakeReportedRun(options).report;
  return new Map(verdicts.map((verdict) => [verdict.id.split(' ')[0]!, weaknessesOf(verdict, verdicts)]));
};

describe('a verdict that must be read with care', () => {
  it('says so where its own sentence does not: few trials', () => {
    const few = weakest({ preset: 'three-apps' });
    expect(few.get('limits')).toEqual([]); // what weakens it names the emulated VMs already
    expect(few.get('memory')).toEqual(['few']);
  });

  it('says that its VM was emulated where an older report does not name what weakens it', () => {
    const { verdicts } = fakeReportedRun({ preset: 'three-apps' }).report;
    const limits = { ...verdicts.find(({ id }) => id.startsWith('limits'))! };
    delete limits.weakenedBy;
    expect(weaknessesOf(limits, verdicts)).toEqual(['emulated']);
  });

  it('is left alone where nothing weakens it, and so are warnings and notes', () => {
    const many = weakest({ accelerator: 'kvm', plan: { trials: 12 } });
    expect(many.get('start-up')).toEqual([]);
    for (const id of ['emulated', 'few', 'unequal.memory']) expect(weakest().get(id) ?? []).toEqual([]);
  });
});
