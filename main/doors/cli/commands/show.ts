import type { FleetOverview } from '../../../contract/fleet/fleet';
import { howFar } from '../../../contract/run/howFar';
import type { Run } from '../../../contract/run/run';
import type { Door } from '../door';
import { paintHosts } from '../hosts/result';
import { findRun } from '../records';
import { paintFailures } from '../result';
import { paint } from './run';

/** `tare show`: prints a kept run as it was printed at its end. */
export async function show(
  door: Door,
  word: string,
  options: { json?: boolean; full?: boolean; phases?: boolean },
): Promise<void> {
  const engine = door.engine();
  const id = await findRun(engine, word);
  const fleet = await engine.fleet({ id });
  if (fleet) return showHosts(door, fleet, options);
  const run = await engine.run({ id });
  if (options.json) return door.out.json(run);
  if (run.state === 'running') await paintUnderWay(door, run);
  paint(door.out, run, options);
  paintFailures(door.out, run);
}

/** As JSON it is the record with the runs of all hosts, as it is exported. */
async function showHosts(
  door: Door,
  fleet: FleetOverview,
  { json, full = false }: { json?: boolean; full?: boolean },
): Promise<void> {
  if (!json) return paintHosts(door.out, fleet, { full });
  const { base64 } = await door
    .engine()
    .renderRun({ run: { id: fleet.id }, format: 'json', locale: door.locale, published: false });
  door.out.bytes(Buffer.from(base64, 'base64'));
}

/** How far a run is that somebody makes, and who: from its record, which is written as each trial ends. */
async function paintUnderWay(door: Door, run: Run): Promise<void> {
  const { out } = door;
  const work = (await door.engine().underWay({})).find((one) => one.run === run.id);
  out.paragraph(
    out.say('cli.show.far', { ...howFar(run), time: { ms: Date.now() - Date.parse(run.startedAt) } }),
  );
  if (work)
    out.paragraph(
      out.say('cli.show.by', { where: out.say(`door.${work.door ?? 'unknown'}`), pid: String(work.pid) }),
    );
}
