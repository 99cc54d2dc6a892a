/** The formats that programs read: of a run on one computer and on several hosts alike. */
import { bencher } from './bencher';
import { githubBenchmark } from './githubBenchmark';
import { go } from './go';
import { hyperfine } from './hyperfine';
import { junit } from './junit';
import { openmetrics } from './openmetrics';

export const forPrograms = {
  junit,
  go,
  bencher,
  'github-benchmark': githubBenchmark,
  hyperfine,
  openmetrics,
};
