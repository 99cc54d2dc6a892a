/** What tests/fixtures/holder holds, weighed by `tare run` as a process and as a container. */
import type { PlanInput } from '../../main/contract/plan';
import type { Run, TrialMemory } from '../../main/contract/run/run';
import { known, mebibyte, missedBy } from '../support/knownAnswers';
import type { Finding, Terminal } from './checks';

const reference = 'tare-hosts/holder';
const port = 8080;
const bound = 2; // MiB, as in tests/docker/memory.test.ts
const targets = ['process', 'container'] as const;

const image = `
  cd "$(mktemp -d)"
  cc -static -Os -o holder ~/tare/tests/fixtures/holder/holder.c
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
  warmups: 1,
  soakMs: 3000,
  readyTimeoutMs: 900_000,
};

export async function knownAnswers({ type }: Terminal): Promise<Finding[]> {
  const made = await type(image);
  const typed = await type(
    `cat >/tmp/known.json <<'END'\n${JSON.stringify(plan)}\nEND\ntare run /tmp/known.json --json; rm /tmp/known.json`,
  );
  const run = typed.json as Run | undefined;
  if (!run)
    return [{ what: 'it is weighed', isGood: false, instead: (made.stderr + typed.stderr).slice(-600) }];
  const memoryOf = (name: string, target: string): TrialMemory | undefined =>
    run.trials.find((trial) => trial.workload === name && trial.target === target && trial.outcome === 'ok')
      ?.memory;
  return targets.flatMap((target) =>
    known.map((one, at) => {
      const [nothing, holding] = [memoryOf('nothing', target), memoryOf(`known-${at}`, target)];
      const what = `${target}: ${one.name}`;
      if (!nothing || !holding) return { what, isGood: false, instead: 'a trial failed' };
      try {
        const missed = missedBy(one, target, nothing, holding);
        const isGood = Object.values(missed).every((mebibytes) => mebibytes < bound);
        return { what, isGood, ...(!isGood && { instead: `missed by ${JSON.stringify(missed)} MiB` }) };
      } catch (error) {
        return { what, isGood: false, instead: (error as Error).message };
      }
    }),
  );
}
