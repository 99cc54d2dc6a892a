/** `tare run --host` and `--swarm`: a plan on several hosts, and what they say together. */
import type { ChosenHost } from '../../../contract/fleet/host';
import type { SwarmOptions } from '../../../contract/fleet/swarm';
import type { Fleet, FleetOverview } from '../../../contract/fleet/fleet';
import { exitCodeOf } from '../../../contract/failures';
import type { Plan } from '../../../contract/plan';
import type { Engine } from '../../../engine/engine';
import type { Door } from '../door';
import type { Following } from '../events';
import { canRedraw } from '../progress';
import { paintKept } from '../summary';
import { HostsProgress } from './progress';
import { paintHosts } from './result';
import { untilOver } from './untilOver';

interface HostsRun {
  plan: Plan;
  /** one of the two */
  hosts: ChosenHost[] | undefined;
  swarm: SwarmOptions | undefined;
  /** a file that the record is written to */
  out: string | undefined;
}

/** Exits with 0 when every host gave a run and every trial was ok, with 3 when no host could begin, by what ended all of it early, else with 1. */
export async function runOnHosts(
  door: Door,
  engine: Engine,
  { plan, hosts, swarm, out }: HostsRun,
  { anyway = false, json = false, full = false }: { anyway?: boolean; json?: boolean; full?: boolean },
  { stream, left }: Partial<Following> = {},
): Promise<void> {
  const isLive = canRedraw(door.err, door.terminal.env);
  const progress = door.quiet || stream ? stream : new HostsProgress(door.err, isLive);
  const asks = door.err.isTerminal;
  const where = { ...(hosts && { hosts }), ...(swarm && { swarm }) };
  const begin = () => engine.startRun({ plan, ...where, ...(anyway && { anyway }), ...(asks && { asks }) });
  const id = await untilOver(door, engine, progress, begin, left);
  const fleet = await engine.fleet({ id });
  if (!fleet) throw new Error(`no record of ${id}`);
  if (out !== undefined)
    await engine.exportRun({ id, format: 'json', path: out, locale: door.locale, published: false });
  if (json || stream) {
    const source = { run: { id }, format: 'json' as const, locale: door.locale, published: false };
    const record = Buffer.from((await engine.renderRun(source)).base64, 'base64');
    if (stream) stream.record({ fleet: JSON.parse(record.toString()) as Fleet });
    else door.out.bytes(record);
  } else {
    paintHosts(door.out, fleet, { full });
    paintKept(door.out, fleet, { full, picture: false });
  }
  door.exitCode = exitOf(fleet);
}

/** By the record: not all that happens is told while it happens. */
function exitOf({ failure, hosts }: FleetOverview): number {
  if (failure) return exitCodeOf(failure);
  return hosts.some(({ outcome, trials }) => outcome !== 'ok' || (trials?.failed ?? 0) > 0) ? 1 : 0;
}
