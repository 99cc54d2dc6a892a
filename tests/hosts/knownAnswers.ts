/** What tests/fixtures/holder holds, weighed by `tare run` as a process and as a container. */
import type { PlanInput } from '../../main/contract/plan';
import type { Run, TrialMemory } from '../../main/contract/run/run';
import { known, mebibyte, missedBy } from '../support/knownAnswers';
import { user } from './base';
import type { Finding, Terminal } from './findings';

const reference = 'tare-hosts/holder';
const port = 8080;
const bound = 2; // MiB, as in tests/docker/memory.test.ts
const targets = ['process', 'container'] as const;

const image = `
  cd "$(mktemp -d)"
  cc -static -Os -o holder /home/tare/tare/tests/fixtures/holder/holder.c
  yes known | head -c 67108864 >file
  mkdir tmp
  tar -cf - . | docker import --change 'ENTRYPOINT ["/holder"]' --change 'EXPOSE ${port}' - ${reference}`;

const workload = (name: string, words: string[]): PlanInput['workloads'][number] => ({
  name,
  image: { kind: 'reference', reference },
  command: words,
  environment: { PORT: `${port}` },
  port,
  probe: { kind: 'tcp', expect: 'holding' },
  limits: { memoryBytes: 512 * mebibyte },
});

const plan: PlanInput = {
  name: 'known answers',
  workloads: [
    workload('nothing', ['nothing']),
    ...known.map(({ words }, at) => workload(`known-${at}`, words)),
  ],
  targets: [...targets],
  trials: 1,
  warmups: 0,
  soakMs: 3000,
  readyTimeoutMs: 900_000,
};

type Misses = ReturnType<typeof missedBy>;
const figures = ['own', 'shared', 'written'] as const;
const names: Record<keyof Misses, string> = {
  own: 'own memory',
  shared: 'file pages that others have too',
  written: 'file pages of its own',
};

/**
 * Without what runs the container: a shim is a Go program of 5 to 9 MiB, by when it last collected its garbage. Whoever is not root has no figure
 * of it. Without figures of file pages these are 0, and nobody judges them.
 */
const held = (memory: TrialMemory): TrialMemory => ({
  fileBytes: 0,
  sharedFileBytes: 0,
  ...memory,
  hostBytes: memory.hostBytes! - (memory.parts.find(({ part }) => part === 'shim')?.bytes ?? 0),
});

/**
 * Judges every figure that is told. Own memory must be; who may not look into the processes of others has no figures of file pages,
 * and is told so.
 */
function judge(
  what: string,
  one: (typeof known)[number],
  target: (typeof targets)[number],
  [nothing, holding]: (TrialMemory | undefined)[],
): Finding[] {
  if (nothing?.hostBytes === undefined || holding?.hostBytes === undefined)
    return [{ what, isGood: false, instead: JSON.stringify(holding?.missing ?? 'a trial failed') }];
  const hasFiles = [nothing, holding].every(({ fileBytes }) => fileBytes !== undefined);
  const isSaid = [nothing, holding].every(({ missing }) => missing.some((one) => one.what === 'fileBytes'));
  const missed = missedBy(one, target, held(nothing), held(holding));
  const told = figures.filter((figure) => figure === 'own' || hasFiles);
  return [
    ...(hasFiles ? [] : [{ what: `${what}: why file pages are missing`, isGood: isSaid }]),
    ...told.map((figure) => ({
      what: `${what}: ${names[figure]}`,
      isGood: missed[figure] < bound,
      instead: `missed by ${missed[figure].toFixed(2)} MiB`,
    })),
  ];
}

/** Root has a cache of his own, and is spared making the kit once more. */
const borrowedKit = `mkdir -p ~/.cache/tare; cp -a /home/${user}/.cache/tare/kit-* ~/.cache/tare/`;

/** @param as  whoever weighs: root may look into every process, and gives a plain process a control group of its own */
export const knownAnswers =
  (as: 'root' | typeof user) =>
  async ({ type }: Terminal): Promise<Finding[]> => {
    const made = await type(image);
    if (as === 'root') await type(borrowedKit, as);
    const file = `/tmp/known-${as}.json`;
    const typed = await type(
      `cat >${file} <<'END'\n${JSON.stringify(plan)}\nEND\ntare run ${file} --json; rm ${file}`,
      as,
    );
    const run = typed.json as Run | undefined;
    if (!run)
      return [{ what: 'it is weighed', isGood: false, instead: (made.stderr + typed.stderr).slice(-600) }];
    const memoryOf = (name: string, target: string): TrialMemory | undefined =>
      run.trials.find((one) => one.workload === name && one.target === target && one.outcome === 'ok')
        ?.memory;
    return targets.flatMap((target) =>
      known.flatMap((one, at) =>
        judge(`${target}: ${one.name}`, one, target, [
          memoryOf('nothing', target),
          memoryOf(`known-${at}`, target),
        ]),
      ),
    );
  };
