import { isOfHosts } from '../../../contract/record';
import { howFar } from '../../../contract/run/howFar';
import type { Run } from '../../../contract/run/run';
import type { Door } from '../door';
import { findRun, printRecord } from '../records';
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
  const record = await engine.record({ id });
  if (options.json) return printRecord(door, record);
  if (!isOfHosts(record) && record.state === 'running') await paintUnderWay(door, record);
  paint(door.out, record, options);
  if (!isOfHosts(record)) paintFailures(door.out, record);
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
