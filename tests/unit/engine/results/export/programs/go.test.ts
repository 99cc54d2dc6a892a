import { describe, expect, it } from 'vitest';
import { explain } from '../../../../../../main/contract/messages';
import type { Metric } from '../../../../../../main/contract/metrics';
import { shifted } from '../../../../../../main/engine/results/export/figures';
import { go } from '../../../../../../main/engine/results/export/programs/go';
import { counted, lost, measured, pairs, run, same, written } from '../../../../../support/fakes/exportedRun';
import { partsOfName, readGoBenchmarks } from '../../../../../support/readers/goBenchmarks';

describe('go', () => {
  const { results, units, skipped } = readGoBenchmarks(written(go));
  const unitOf = ({ id, unit }: Metric) =>
    id === 'readyMs'
      ? 'ns/op'
      : unit === 'count'
        ? id
        : `${id.replace('Ms', '').replace('Bytes', '')}-${unit === 'ms' ? 'ns' : 'B'}`;

  it('has every figure of every trial that counts, and none besides', () => {
    expect(results).toHaveLength(counted.length);
    counted.forEach((trial, at) => {
      const { name, values } = results[at]!;
      expect(partsOfName(name)).toEqual({ workload: trial.workload, target: trial.target });
      const known = new Map(values);
      expect(known.size).toBe(values.length);
      for (const metric of measured) {
        const value = metric.read(trial);
        const text = known.get(unitOf(metric));
        if (value === undefined) expect(text, metric.id).toBeUndefined();
        else expect(same(shifted(Number(text), metric.unit === 'ms' ? -6 : 0), value), metric.id).toBe(true);
        known.delete(unitOf(metric));
      }
      const round = run.rounds.find(({ target, index }) => target === trial.target && index === trial.index)!;
      expect([...known]).toEqual([['round.hostChange-B', String(round.hostChangeBytes)]]);
    });
  });

  it('begins with the time to ready, which every reader of the format knows', () => {
    expect(new Set(results.map(({ values }) => values[0]![0]))).toEqual(new Set(['ns/op']));
  });

  it('says of each figure that can get better which way that is', () => {
    for (const metric of measured.filter((one) => counted.some((trial) => one.read(trial) !== undefined)))
      expect(units[unitOf(metric)]?.better).toBe(
        metric.better && { less: 'lower', more: 'higher' }[metric.better],
      );
    expect(units['load.answeredPerSecond']).toEqual({ better: 'higher' });
    expect(units['reserved-B']).toBeUndefined();
  });

  it('tells the machine in its configuration, and nothing that differs from run to run', () => {
    expect(results[0]!.config).toEqual({
      cpu: 'Intel Xeon (Sapphire Rapids)',
      'cpu-count': '2',
      os: 'Debian GNU/Linux 13 (trixie)',
      kernel: '6.12.41+deb13-amd64',
      engine: 'Docker 26.1.5',
      qemu: '10.0.13',
      accelerator: 'tcg',
    });
    expect(skipped[0]).toContain(run.id);
  });

  it('tells trials that do not count as go test does, with the reason', () => {
    const failed = skipped.filter((line) => line.startsWith('--- FAIL: BenchmarkStart/'));
    expect(failed.map((line) => partsOfName(line.replace('--- FAIL: ', '')))).toEqual(
      lost.map(({ workload, target }) => ({ workload, target })),
    );
    expect(skipped).toContain(`    ${explain('en', lost.find(({ failure }) => failure)!.failure!).what}`);
  });

  it('ends no name with what would be a number of processors', () => {
    const other = structuredClone(run);
    for (const trial of other.trials) trial.target = 'container:kata-2';
    const { name } = readGoBenchmarks(go.files(other, 'en')[0]!.content).results[0]!;
    expect(name).not.toMatch(/-\d+$/);
    expect(partsOfName(name).target).toBe('container:kata-2');
  });

  it('keeps starts apart that began beside another number of instances', () => {
    const ladder = structuredClone(run);
    for (const trial of ladder.trials) trial.upBefore = trial.index;
    const names = readGoBenchmarks(go.files(ladder, 'en')[0]!.content).results.map(({ name }) => name);
    expect(partsOfName(names[0]!)).toEqual({ up: '0', workload: 'web', target: 'container' });
    expect(new Set(names).size).toBeGreaterThan(pairs.length);
  });
});
