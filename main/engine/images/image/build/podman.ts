/** Podman's own program, which builds with what it says of itself, line by line. */
import type { BuildStep } from '../../../../contract/work/images';
import type { DockerClient } from '../../../base/docker/client';
import { engineCommand } from '../../../base/docker/command';
import { TareError } from '../../../base/errors';
import type { RunScope } from '../../../base/scope';
import type { steps } from '../../../base/steps';
import { giving, runBuilder } from './builderProcess';
import { imageSizes } from './classic';
import { LinesReport } from './linesReport';
import { optionWords } from './optionWords';
import type { BuildTask } from './task';

/**
 * @returns its steps, with the sizes of the layers that they made
 * @throws {TareError} `build-failed` · `tool-missing`; AbortError when aborted
 */
export async function buildWithPodman(
  client: DockerClient,
  task: BuildTask,
  scope: RunScope,
  progress: ReturnType<typeof steps>,
): Promise<BuildStep[]> {
  const { name, folder, reference } = task;
  const report = new LinesReport();
  const details = () => ({ build: report.steps(), builder: 'podman' as const });
  const take = (text: string) => {
    if (report.take({ stream: text })) progress.now(report.share, details());
    else progress.moving(report.share, details);
  };
  const lines = wholeLines(take);
  let said = '';
  const heard = { out: lines.take, err: (text: string) => void ((said += text), lines.take(text)) };
  const command = giving(engineCommand(client), task.options);
  const args = podmanWords(task);
  const ended = task.began([command.program, ...args]);
  try {
    const exit = await runBuilder(command, args, { name, cwd: folder }, scope, heard);
    lines.end();
    if (exit !== 'exit 0') {
      report.take({ error: said.trimEnd().split('\n').at(-1) || exit });
      throw new TareError({
        code: 'build-failed',
        path: task.path,
        step: report.step,
        output: report.output,
      });
    }
  } finally {
    ended();
  }
  report.close();
  return report.steps(await imageSizes(client.docker, reference));
}

/** Podman's API looks for a name without a registry at Docker's own, its program leaves it on this computer. */
const qualified = (reference: string): string => {
  const [first = '', ...rest] = reference.split('/');
  if (rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')) return reference;
  return `docker.io/${rest.length > 0 ? '' : 'library/'}${reference}`;
};

/** What `podman` is told. The format is Docker's: the other one has no place for HEALTHCHECK, SHELL and ONBUILD. */
const podmanWords = ({ path: context, options, reference, fresh, name }: BuildTask): string[] => [
  ...['build', '--format', 'docker', '--layers', '--iidfile', name, '--tag', qualified(reference)],
  ...optionWords(context, options),
  ...(fresh ? ['--no-cache'] : []),
  context,
];

/** A report reads whole lines, and a pipe cuts them anywhere. */
function wholeLines(take: (text: string) => void) {
  let rest = '';
  return {
    take: (text: string) => {
      const end = (rest + text).lastIndexOf('\n') + 1;
      const whole = (rest + text).slice(0, end);
      rest = (rest + text).slice(end);
      if (whole !== '') take(whole);
    },
    end: () => {
      if (rest !== '') take(rest);
      rest = '';
    },
  };
}
