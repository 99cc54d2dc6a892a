/** Built once, run anywhere: one image on every target in one run, and the proof that it was the same one and said the same. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runToEnd, testEngine, webOnFreePort } from '../support/engine';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { leftovers } from '../support/leaks';

noMinimalKernel();
/** vm:full takes minutes to make and has tests of its own. */
const ways = [
  'process',
  'container',
  'vm:direct',
  ...(minimalKernelIsHere ? ['vm:micro', 'vm:snapshot'] : []),
];

const docker = (...words: string[]): string => execFileSync('docker', words, { encoding: 'utf8' }).trim();
const upNow = (): string[] => {
  const ids = docker('ps', '--quiet', '--filter', 'label=tare.session').split('\n').filter(Boolean);
  return ids.map((id) => docker('inspect', '--format', '{{.Name}} {{.Image}}', id));
};

it('one image gives the same bytes on every target, and the report says so', async () => {
  const engine = testEngine();
  /** containers that are up when their application answers, with the digest of what they run */
  const containers: string[] = [];
  engine.onEvent((event) => {
    if (event.kind === 'phase' && event.phase.name === 'ready' && event.trial.includes('/container/'))
      containers.push(...upNow());
  });
  const run = await runToEnd(engine, {
    name: 'anywhere',
    workloads: [await webOnFreePort()],
    targets: ways,
    trials: 1,
    warmups: 0,
    soakMs: 0,
    coolDownMs: 0,
  });
  await engine.close();
  expect(run.trials.map(({ target, outcome }) => `${target} ${outcome}`).sort()).toEqual(
    ways.map((target) => `${target} ok`).sort(),
  );
  const answers = new Set(run.trials.map(({ answerSha256 }) => answerSha256));
  expect([...answers]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);

  const [image] = run.environment.images;
  expect(run.environment.images).toHaveLength(1);
  const digest = image!.digest.replace('sha256:', '');
  const own = containers.filter((name) => name.startsWith(`/tare-${run.session}-`));
  expect(own).toEqual([expect.stringContaining(` ${image!.digest}`)]);
  // The others are started from a disk or a tree that has the digest in its name; a resumed machine reads on from its disk.
  const lines = run.environment.commands.map(({ target, line }) => [target, line.join(' ')] as const);
  expect(lines.map(([target]) => target).sort()).toEqual([...ways].sort());
  for (const [target, line] of lines) if (target !== 'container') expect(line, target).toContain(digest);

  const verdict = run.report!.verdicts.find(({ id }) => id === 'same-answer');
  expect(verdict?.text).toEqual({
    key: 'verdict.same-answer',
    facts: { workloads: `web (${digest.slice(0, 12)})` },
  });
  expect(leftovers(run.session)).toEqual([]);
  rmSync(engine.dataFolder, { recursive: true });
});
