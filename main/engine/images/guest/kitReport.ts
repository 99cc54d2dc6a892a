/** What a script of assets/guest says while it works: `@step`, `@share`, `@missing` and `@fact` lines on its standard output. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Progress, StepName } from '../../../contract/work/progress';
import { TareError } from '../../base/errors';
import { missingTool } from '../../base/process/child';
import { freeBytes, saysFull } from '../disk/space';
import { steps } from '../../base/steps';

export interface Fact {
  name: string;
  value: string;
}

export interface KitReport {
  readonly facts: Fact[];
  /** settles when there is nothing more to hear */
  readonly ended: Promise<unknown>;
  /** tells that the last step is done */
  finish(): void;
  /**
   * Why the script failed, from what it said and complained about.
   * @param room  where everything is put, and what the whole needs at most: told when it did not fit
   */
  failure(complaints: string, room: { folder: string; neededBytes: number }): Promise<TareError>;
}

/** Reads the script's standard output and turns its lines into progress and facts. */
export function listen(stdout: NodeJS.ReadableStream, progress: (progress: Progress) => void): KitReport {
  const facts: Fact[] = [];
  let step = '';
  let missing: string | undefined;
  let current: ReturnType<typeof steps> | undefined;
  const lines = createInterface({ input: stdout });
  const ended = once(lines, 'close');
  lines.on('line', (line) => {
    const [, kind, name = '', value = ''] = /^@(\w+) (\S+)(?: (.*))?$/.exec(line) ?? [];
    if (kind === 'step') {
      current?.done();
      step = `${name} ${value}`;
      current = steps({ progress }, `kit-${name}` as StepName, value);
    } else if (kind === 'share') current?.moving(Number(name));
    else if (kind === 'missing') missing = name;
    else if (kind === 'fact') facts.push({ name, value });
  });
  return {
    facts,
    ended,
    finish: () => current?.done(),
    async failure(complaints, { folder, neededBytes }) {
      if (missing !== undefined) return missingTool(missing);
      if (!saysFull(complaints))
        return new TareError({ code: 'kit-failed', step, output: complaints.trim() });
      return new TareError({
        code: 'disk-short',
        path: folder,
        neededBytes,
        availableBytes: await freeBytes(folder),
      });
    },
  };
}
