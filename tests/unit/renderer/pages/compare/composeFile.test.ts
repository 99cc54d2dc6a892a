import { fakeLink, ok, type FakeLink } from '../../../../support/fakes/fakePage';
import { expect, test } from 'vitest';
import type { Failure } from '../../../../../main/contract/failures';
import type { Input } from '../../../../../main/contract/calls';
import { Plan } from '../../../../../main/contract/plan';
import { ComposeChoice } from '../../../../../renderer/pages/compare/composeFile.svelte';

/** A project of three, of which `web` needs `db`. */
function readingOf({
  services = ['db', 'web', 'tool'],
  targets = ['container'],
}: Partial<Input<'readCompose'>>) {
  const chosen = ['db', 'web', 'tool'].filter(
    (name) => services.includes(name) || (name === 'db' && services.includes('web')),
  );
  const plan = Plan.parse({
    name: 'shop (compose)',
    workloads: chosen.map((name) => ({
      name,
      image: { kind: 'reference', reference: 'x' },
      limits: { memoryBytes: 2 ** 26 },
      ...(name === 'web' && { after: [{ workload: 'db', until: 'ready' }] }),
    })),
    targets,
    arrangement: 'together',
    trials: 3,
    compose: { file: 'compose.yaml', services: chosen, notes: [] },
  });
  return { plan, services: ['db', 'tool', 'web'], warnings: [] };
}

const choiceWith = (
  link: FakeLink = fakeLink({ readCompose: (input: Partial<Input<'readCompose'>>) => ok(readingOf(input)) }),
) => ({ link, choice: new ComposeChoice(link) });
const chosen = ({ plan }: ComposeChoice) => plan?.workloads.map(({ name }) => name);

test('nothing is run before a file is read', async () => {
  const { choice } = choiceWith();
  expect(choice.plan).toBeUndefined();
  await choice.open('/src/compose.yaml');
  expect(chosen(choice)).toEqual(['db', 'web', 'tool']);
  expect(choice.plan!.trials).toBe(3);
});

test('what another comes after cannot be left out; what nobody needs can', async () => {
  const { choice } = choiceWith();
  await choice.open('/src/compose.yaml');
  expect(['db', 'web', 'tool'].map((name) => choice.isNeeded(name))).toEqual([true, false, false]);
  await choice.choose('/src/compose.yaml', 'web', false);
  expect(chosen(choice)).toEqual(['db', 'tool']);
  await choice.choose('/src/compose.yaml', 'tool', false);
  expect(choice.isNeeded('db')).toBe(true);
  await choice.choose('/src/compose.yaml', 'web', true);
  expect(chosen(choice)).toEqual(['db', 'web']);
});

test('other targets are asked for anew, and without any there is no plan', async () => {
  const { choice, link } = choiceWith();
  await choice.open('/src/compose.yaml');
  await choice.aim('/src/compose.yaml', ['container', 'vm:full']);
  expect(choice.plan!.targets).toEqual(['container', 'vm:full']);
  await choice.aim('/src/compose.yaml', []);
  expect(choice.plan).toBeUndefined();
  expect(link.asked).toHaveLength(2);
});

test('what is typed as rounds is a number of rounds, or there is no plan', async () => {
  const { choice } = choiceWith();
  await choice.open('/src/compose.yaml');
  choice.trials = '8';
  expect(choice.plan!.trials).toBe(8);
  for (const wrong of ['', '0', 'x', '-1', '1.5']) {
    choice.trials = wrong;
    expect(choice.plan).toBeUndefined();
  }
});

test('a file that cannot be read is told, and of one that could what was read last stays', async () => {
  const failure: Failure = { code: 'compose-unusable', path: '/src/compose.yaml', output: 'no' };
  const { choice, link } = choiceWith();
  await choice.open('/src/compose.yaml');
  link.answers.readCompose = () => ({ ok: false, failure });
  await choice.choose('/src/compose.yaml', 'web', false);
  expect(choice.failure).toEqual(failure);
  expect(chosen(choice)).toEqual(['db', 'web', 'tool']);
  await choice.open('/src/other.yaml');
  expect(choice.plan).toBeUndefined();
});

test('an answer that comes late does not replace a newer one', async () => {
  const answers: ((input: Partial<Input<'readCompose'>>) => void)[] = [];
  const link = fakeLink({
    readCompose: (input: Partial<Input<'readCompose'>>) =>
      new Promise((resolve) => answers.push((other) => resolve(ok(readingOf({ ...input, ...other }))))),
  });
  const choice = new ComposeChoice(link);
  const [first, second] = [choice.open('/src/a.yaml'), choice.open('/src/b.yaml')];
  answers[1]!({ services: ['tool'] });
  answers[0]!({ services: ['db'] });
  await Promise.all([first, second]);
  expect(chosen(choice)).toEqual(['tool']);
});
