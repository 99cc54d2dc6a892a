import { Plan } from '../../contract/plan';
import type { Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { subjectOf } from '../../contract/report/verdicts';
import { TareError } from '../../engine/base/errors';
import { execute } from './commands/run';
import type { Door } from './door';
import { paintTables, paintVerdicts } from './terminal/report';

/** Runs the preset that compares a container with itself. Some tens of seconds. */
export async function measureNoise(door: Door): Promise<Run> {
  const engine = door.engine();
  const preset = (await engine.presets({})).find(({ name }) => name === 'noise');
  const id = await execute(door, engine, { plan: Plan.parse(preset) });
  const run = await engine.run({ id });
  if (run.failure) throw new TareError(run.failure);
  return run;
}

/** What the machine can tell apart: the verdicts, then the figures. */
export function paintNoise({ out }: Door, { report }: Run): void {
  const isAboutNoise = (verdict: Verdict) => ['noise', 'precision'].includes(subjectOf(verdict) ?? '');
  paintVerdicts(
    out,
    (report?.verdicts ?? []).filter((verdict) => isAboutNoise(verdict) || verdict.standing === 'warning'),
  );
  paintTables(
    out,
    (report?.tables ?? []).filter(({ id }) => id === 'noise'),
  );
}
