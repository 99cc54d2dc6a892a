/** What tests/fixtures/holder holds, and where a scale must find it on each rung. */
import type { TrialMemory } from '../../main/contract/run/run';
import type { TargetKind } from '../../main/contract/targets';

export const mebibyte = 1024 ** 2;

/** In MiB more than with nothing held; what is not named must be as with nothing. */
interface Answer {
  own?: number;
  /** file pages that others have too */
  shared?: number;
  /** file pages of its own */
  written?: number;
}

interface Known {
  name: string;
  /** of the holder */
  words: string[];
  answers: Record<TargetKind, Answer>;
}

const everywhere = (answer: Answer): Known['answers'] => ({ process: answer, container: answer, vm: answer });

export const known: readonly Known[] = [
  { name: '64 MiB anonymous', words: ['anonymous', '64'], answers: everywhere({ own: 64 }) },
  { name: '64 MiB MAP_SHARED', words: ['shared', '64'], answers: everywhere({ own: 64 }) },
  // each child has page tables of 128 KiB, a stack in the kernel, and other memory there
  { name: '64 MiB and 8 forks', words: ['forks', '64'], answers: everywhere({ own: 65.8 }) },
  {
    name: '64 MiB given back',
    words: ['freed', '64'],
    // a guest frees it, and its host cannot know
    answers: { process: {}, container: {}, vm: { own: 64 } },
  },
  {
    name: '64 MiB of a mapped file',
    words: ['mapped', '64', '/file'],
    // what the guest caches the host cannot drop
    answers: { process: { shared: 64 }, container: { shared: 64 }, vm: { own: 64 } },
  },
  {
    name: '48 MiB in a tmpfs',
    words: ['written', '48', '/dev/shm/file'],
    answers: everywhere({ own: 48 }),
  },
  {
    name: '64 MiB written, dirty',
    words: ['written', '64', '/tmp/file'],
    // where the root lies in memory, so does what is written to it; elsewhere the kernel keeps records of each page that is to be written
    answers: { process: { own: 64 }, container: { written: 64, own: 2.5 }, vm: { own: 64 } },
  },
];

/** In MiB. */
function figures({ hostBytes, fileBytes, sharedFileBytes, missing }: TrialMemory) {
  if (hostBytes === undefined || fileBytes === undefined || sharedFileBytes === undefined)
    throw new Error(`not all figures: ${JSON.stringify(missing)}`);
  return {
    own: hostBytes / mebibyte,
    shared: sharedFileBytes / mebibyte,
    written: (fileBytes - sharedFileBytes) / mebibyte,
  };
}

/** By how many MiB each figure misses what it has to be. */
export function missedBy(
  { answers }: Known,
  kind: TargetKind,
  nothing: TrialMemory,
  holding: TrialMemory,
): Record<'own' | 'shared' | 'written', number> {
  const must = answers[kind];
  const [before, after] = [figures(nothing), figures(holding)];
  const miss = (name: keyof Answer) => Math.abs(after[name] - before[name] - (must[name] ?? 0));
  return { own: miss('own'), shared: miss('shared'), written: miss('written') };
}
