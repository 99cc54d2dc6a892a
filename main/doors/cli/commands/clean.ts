import type { CleanReport } from '../../../contract/machine';
import { showBytes } from '../../../contract/quantities';
import type { Door } from '../door';
import { grid } from '../terminal/tables';

export interface CleanOptions {
  json?: boolean;
  dryRun?: boolean;
  cache?: boolean;
}

/**
 * `tare clean`: removes what dead sessions left behind, and with `--cache` what can be made again. Exits with 1 when something
 * could not be removed.
 */
export async function clean(door: Door, options: CleanOptions): Promise<void> {
  const engine = door.engine();
  const dryRun = options.dryRun === true;
  const report = await engine.clean({ dryRun, cache: options.cache === true });
  if (report.kept.length > 0) door.exitCode = 1;
  if (options.json) return door.out.json(report);
  paint(door, report, dryRun);
}

function paint({ out, err }: Door, report: CleanReport, dryRun: boolean): void {
  const count = report.removed.length;
  if (count === 0 && report.kept.length === 0 && report.spared === undefined)
    return out.line(out.say('cli.clean.nothing'));
  if (count > 0) {
    out.line(out.say(dryRun ? 'cli.clean.would-remove' : 'cli.clean.removed', { count }));
    const head = (['kind', 'name', 'session'] as const).map((name) => out.say(`cli.clean.${name}`));
    const rows = report.removed.map(({ kind, name, session }) => [
      out.say(`leftover.${kind}`),
      name,
      session,
    ]);
    out.line(grid(out, head, rows));
  }
  if (report.freedBytes !== undefined) {
    const size = showBytes(out.locale, report.freedBytes);
    out.line(out.say(dryRun ? 'cli.clean.would-free' : 'cli.clean.freed', { size }));
  }
  if (report.spared !== undefined) out.line(out.say('cli.clean.spared', { count: report.spared }));
  for (const { leftover, failure } of report.kept) {
    err.failure(failure, `${err.say(`leftover.${leftover.kind}`)} ${leftover.name}`);
  }
}
