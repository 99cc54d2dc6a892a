/** BuildKit, through Docker's own `buildx`: what the engine has built in, with the secrets, agents and cache mounts that only a client can give. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildStep } from '../../../../contract/work/images';
import type { DockerClient } from '../../../base/docker/client';
import { engineCommand } from '../../../base/docker/command';
import type { HistoryLine } from '../history';
import { TareError } from '../../../base/errors';
import type { RunScope } from '../../../base/scope';
import type { steps } from '../../../base/steps';
import { BuildGraph } from './buildGraph';
import { layerBytes } from './buildLayers';
import { giving, runBuilder } from './builderProcess';
import { optionWords } from './optionWords';
import { SolveStream, type Printed } from './solveStream';
import type { BuildTask } from './task';

/**
 * @returns its steps, with the sizes of the layers that they made
 * @throws {TareError} `build-failed` with the line of the Dockerfile · `engine-disk-full` · `tool-missing`; AbortError when aborted
 */
export async function buildWithBuildkit(
  client: DockerClient,
  task: BuildTask,
  scope: RunScope,
  progress: ReturnType<typeof steps>,
): Promise<BuildStep[]> {
  const { name, folder } = task;
  const args = buildxWords(task);
  const now = () => performance.timeOrigin + performance.now();
  const ended = task.began(['docker', ...args]);
  const graph = new BuildGraph(now());
  const stream = new SolveStream();
  const sentences: string[] = [];
  const take = (printed: Printed[]) => {
    let worthTelling = false;
    for (const one of printed) {
      if ('line' in one) sentences.push(one.line);
      else worthTelling = graph.take(one.object, now()) || worthTelling;
    }
    const details = () => ({ build: graph.steps(now()), builder: 'buildkit' as const });
    if (worthTelling) progress.now(graph.share, details());
    else progress.moving(graph.share, details);
  };
  const heard = { out: () => undefined, err: (text: string) => take(stream.take(text)) };
  try {
    const command = giving(engineCommand(client), task.options);
    const exit = await runBuilder(command, args, { name, cwd: folder }, scope, heard);
    take(stream.end());
    if (exit !== 'exit 0') throw failureOf(task, graph, sentences);
  } finally {
    ended();
  }
  const digest = (await readFile(path.join(folder, imageFile), 'utf8')).trim();
  // The build itself went well: without the history only the sizes are not known.
  const history = (await client.docker
    .getImage(digest)
    .history()
    .catch(() => [])) as HistoryLine[];
  return layerBytes(graph.steps(now(), true), history);
}

/** In the folder of the build: what became of it. */
const imageFile = 'image';

/** What `docker` is told. */
const buildxWords = ({ path: context, options, reference, fresh, name }: BuildTask): string[] => [
  // The engine's own builder, whichever a person has chosen: no other one finds the images that are here.
  ...['buildx', 'build', '--builder', 'default', '--progress=rawjson', '--load', '--provenance=false'],
  ...['--iidfile', imageFile, '--metadata-file', name, '--tag', reference],
  ...optionWords(context, options),
  ...(fresh ? ['--no-cache'] : []),
  context,
];

/** buildx ends with the line of the Dockerfile, those around it, and the reason: `Dockerfile:16`, `  16 | >>> RUN false`, `ERROR: …`. */
function failureOf(task: BuildTask, graph: BuildGraph, sentences: readonly string[]): TareError {
  const said = sentences.join('\n').trim();
  const reason = /^ERROR: (.*)/ms.exec(said)?.[1] ?? said;
  if (/no space left on device/i.test(reason))
    return new TareError({ code: 'engine-disk-full', reference: task.reference, reason });
  const line = /^\S.*:(\d+)$/m.exec(said)?.[1];
  const marked = /^ *\d+ \| >>> (.*)$/m.exec(said)?.[1];
  const step = graph.failed?.instruction ?? marked?.trim() ?? 'docker buildx build';
  const output = [graph.failed?.output.trimEnd(), said].filter(Boolean).join('\n');
  return new TareError({
    code: 'build-failed',
    path: task.path,
    step,
    output,
    ...(line !== undefined && { line: Number(line) }),
  });
}
