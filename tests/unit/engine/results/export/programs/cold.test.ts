import { expect, test } from 'vitest';
import { bencher } from '../../../../../../main/engine/results/export/programs/bencher';
import { githubBenchmark } from '../../../../../../main/engine/results/export/programs/githubBenchmark';
import { go } from '../../../../../../main/engine/results/export/programs/go';
import { hyperfine } from '../../../../../../main/engine/results/export/programs/hyperfine';
import { openmetrics } from '../../../../../../main/engine/results/export/programs/openmetrics';
import { fakeRun } from '../../../../../support/fakes/fakeRun';

const [warm, cold] = [{}, { cold: true }].map((plan) => fakeRun({ plan: { trials: 2, ...plan } }));

test.each([
  ['bencher', bencher, '"web/container/cold"'],
  ['github-benchmark', githubBenchmark, 'web/container/cold'],
  ['go', go, '\nstarts: cold\n'],
  ['hyperfine', hyperfine, '"web/container/cold"'],
  ['openmetrics', openmetrics, 'target="container",starts="cold"'],
])('cold starts are no series with warm ones: %s', (_, exporter, mark) => {
  const [ofWarm, ofCold] = [warm, cold].map((run) => exporter.files(run!, 'en', {})[0]!.content);
  expect(ofCold).toContain(mark);
  expect(ofWarm).not.toContain('cold');
});
