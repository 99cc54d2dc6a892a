/** action.yml and the workflow that the README shows, as GitHub wants them. */
import { validateAction, validateWorkflow } from '@action-validator/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { actionText, readAction } from '../../../support/gate/action';

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const [, example = ''] = /### In CI\n\n```yaml\n(.*?)```/s.exec(read('README.md')) ?? [];

it('is an action by GitHub’s schema', () => {
  expect(validateAction(actionText()).errors).toEqual([]);
  expect(validateAction(actionText().replace('using: composite', 'using: magic')).errors).not.toEqual([]);
});

it('hands its inputs on as variables, each to one that the script knows, and none in a command', () => {
  const { inputs, runs } = readAction();
  for (const { run = '' } of runs.steps) expect(run).not.toContain('${{');
  const passed = runs.steps.flatMap(({ env = {} }) => Object.entries(env));
  const known = new Set(read('.ci/gate.sh').match(/GATE_[A-Z_]+(?=:-)/g));
  expect(passed.map(([name]) => name).sort()).toEqual([...known].sort());
  const used = passed.flatMap(([, text]) => /inputs\.([\w-]+)/.exec(text)?.[1] ?? []);
  // of the upload alone
  expect(used.sort()).toEqual(
    Object.keys(inputs)
      .filter((name) => name !== 'artifact')
      .sort(),
  );
});

it('is shown in a workflow by GitHub’s schema, with inputs that it has', () => {
  expect(validateWorkflow(example).errors).toEqual([]);
  interface Workflow {
    permissions: object;
    jobs: { weight: { steps: { with?: Record<string, string> }[] } };
  }
  const { permissions, jobs } = parse(example) as Workflow;
  expect(permissions).toEqual({ contents: 'read' });
  const given = Object.keys(jobs.weight.steps.at(-1)!.with!);
  expect(Object.keys(readAction().inputs)).toEqual(expect.arrayContaining(given));
});
