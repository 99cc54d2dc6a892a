/** What GitHub's runner does with the steps of action.yml, on this machine: its shell steps in their order, with the variables that they name. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../../..');

interface Step {
  name: string;
  run?: string;
  uses?: string;
  shell?: string;
  env?: Record<string, string>;
}
interface Action {
  inputs: Record<string, { default: string }>;
  runs: { steps: Step[] };
}

export const actionText = (): string => readFileSync(path.join(root, 'action.yml'), 'utf8');
export const readAction = (): Action => parse(actionText()) as Action;

export interface ActionRun {
  code: number | null;
  stdout: string;
  stderr: string;
  /** what the job's page shows */
  summary: string;
  /** what later steps read */
  outputs: string;
}

export interface Job {
  /** the checkout */
  workspace: string;
  /** a folder of the runner's own */
  runner: string;
  inputs?: Record<string, string>;
  environment?: Record<string, string>;
  /** called with the process of each step: a job can be cancelled */
  meanwhile?: (step: ChildProcess) => void;
}

/** Runs them to the first that fails, which ends the job. */
export async function runAction({ workspace, runner, inputs = {}, ...job }: Job): Promise<ActionRun> {
  const action = readAction();
  mkdirSync(runner, { recursive: true });
  const file = (name: string) => path.join(runner, name);
  for (const name of ['summary', 'outputs']) writeFileSync(file(name), '');
  const given = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, inputs[name] ?? input.default]),
  );
  const done = { code: 0 as number | null, stdout: '', stderr: '' };
  for (const { run, env = {} } of action.runs.steps) {
    if (run === undefined) continue;
    writeFileSync(file('step.sh'), run);
    const step = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', file('step.sh')], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: root,
        GITHUB_OUTPUT: file('outputs'),
        GITHUB_STEP_SUMMARY: file('summary'),
        GITHUB_WORKSPACE: workspace,
        ...job.environment,
        ...Object.fromEntries(Object.entries(env).map(([name, text]) => [name, evaluated(text, given)])),
      },
    });
    step.stdout.on('data', (chunk: Buffer) => (done.stdout += chunk.toString()));
    step.stderr.on('data', (chunk: Buffer) => (done.stderr += chunk.toString()));
    job.meanwhile?.(step);
    [done.code] = (await once(step, 'close')) as [number | null];
    if (done.code !== 0) break;
  }
  const [summary, outputs] = ['summary', 'outputs'].map((name) => readFileSync(file(name), 'utf8'));
  return { ...done, summary: summary!, outputs: outputs! };
}

/** `${{ inputs.NAME }}` is all that the steps' variables are made of. */
const evaluated = (text: string, inputs: Record<string, string>): string =>
  text.replace(/\$\{\{ *(.*?) *\}\}/g, (whole, expression: string) => {
    const value = inputs[/^inputs\.([\w-]+)$/.exec(expression)?.[1] ?? ''];
    if (value === undefined) throw new Error(`${whole} is no input`);
    return value;
  });
