import { Plan } from '../../contract/plan';
import type { Run } from '../../contract/run/run';
import { TareError } from '../../engine/errors';
import { execute } from './commands/run';
import type { Door } from './door';
import { paintVerdicts } from './result';
import { paintTable } from './tables';

/** Runs the preset that compares a container with itself. Some tens of seconds. */
export async function measureNoise(door: Door): Promise<Run> {
  const engine = door.engine();
  const preset = (await engine.presets({})).find(({ name }) => name === 'noise');
  const run = await execute(door, engine, Plan.parse(preset));
  if (run.failure) throw new TareError(run.failure);
  return run;
}

/** What the machine can tell apart: the verdicts, then the figures. */
export function paintNoise({ out }: Door, { report }: Run): void {
  const about = (id: string) => /^(noise|precision)/.test(id);
  paintVerdicts(
    out,
    (report?.verdicts ?? []).filter(({ id, standing }) => about(id) || standing === 'warning'),
  );
  for (const table of (report?.tables ?? []).filter(({ id }) => about(id))) {
    out.line();
    paintTable(out, table);
  }
}
