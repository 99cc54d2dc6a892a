/** How long it takes to say what a big run says. The values are made up: only the time is of interest. */
import { makeReport } from '../../main/engine/results/report/report';
import { unpairedRatio } from '../../main/engine/results/statistics/contrast';
import { medianInterval } from '../../main/engine/results/statistics/intervals';
import { outliers } from '../../main/engine/results/statistics/outliers';
import { seededRandom } from '../../main/engine/results/statistics/random';
import { fakeRun, fakeSamples } from '../support/fakes/fakeRun';
import { figure } from './figures';
import { normalDraw } from '../support/statistics/normalDraw';
import { judgeAlone } from '../support/statistics/judgeAlone';

const rounds = 5;
const values = 100_000;
/** samples of the run whose report is timed */
const wantedSamples = 100_000;

function time(work: () => void): number[] {
  return Array.from({ length: rounds }, () => {
    const fromMs = performance.now();
    work();
    return performance.now() - fromMs;
  });
}

const workload = (name: string) => ({
  name,
  image: { kind: 'builtin' as const, name: 'web' as const },
  port: 8080,
  limits: { memoryBytes: 2 ** 28 },
});

export function timeReporting(): Promise<void> {
  const random = seededRandom(3);
  const draw = (centre: number) =>
    Array.from({ length: values }, () => centre * Math.exp(0.2 * normalDraw(random)));
  const [a, b] = [draw(300), draw(303)];
  figure(
    `two groups of ${values.toLocaleString('en')} values compared`,
    time(() => {
      judgeAlone(unpairedRatio(a, b));
      outliers(a);
      medianInterval(a);
    }),
  );

  const wide = fakeRun({
    plan: { workloads: Array.from({ length: 8 }, (_, at) => workload(`app-${at}`)), trials: 1000 },
  });
  figure(
    `report of ${wide.trials.length.toLocaleString('en')} trials`,
    time(() => makeReport(wide, [])),
  );

  const long = fakeRun({ plan: { workloads: [workload('web')], trials: 100 } });
  const some = fakeSamples(long);
  const samples = Array.from({ length: Math.ceil(wantedSamples / some.length) }, () => some).flat();
  figure(
    `report with ${samples.length.toLocaleString('en')} samples`,
    time(() => makeReport(long, samples)),
  );
  return Promise.resolve();
}
