import { nameOf } from '../../../contract/messages';
import { showMs, showTimes } from '../../../contract/quantities';
import type { RunSummary } from '../../../contract/run/run';
import type { Door } from '../door';
import { widthOf } from '../terminal/layout';
import { recordedRuns } from '../records';
import type { Screen } from '../terminal/screen';
import { grid } from '../terminal/tables';

/** As many as a person looks through; `--all` shows the others too. */
const usual = 50;

/** `tare list`: the runs that are kept, newest first. */
export async function list(door: Door, options: { json?: boolean; all?: boolean }): Promise<void> {
  const runs = await recordedRuns(door.engine());
  if (options.json) return door.out.json(runs);
  if (runs.length === 0) return door.out.line(door.out.say('cli.list.none'));
  const shown = options.all ? runs : runs.slice(0, usual);
  paint(door.out, shown);
  const older = runs.length - shown.length;
  if (older > 0) door.out.line(door.out.tone('dim', door.out.say('cli.list.older', { count: older })));
}

function paint(screen: Screen, runs: RunSummary[]): void {
  // a column for names once one is given
  const named = runs.some(({ label }) => label?.name);
  // and one for hosts once one was on several
  const onHosts = runs.some(({ hosts }) => hosts);
  const columns = [
    'run',
    ...(named ? (['name'] as const) : []),
    'plan',
    'state',
    ...(onHosts ? (['hosts'] as const) : []),
    'trials',
    'ready',
  ] as const;
  const head = columns.map((name) => screen.say(`cli.list.${name}`));
  const right = columns.map((name) => name === 'trials');
  for (const separator of ['  ', '\n']) {
    const rows = runs.map((run) => [
      run.id,
      ...(named ? [run.label?.name ?? ''] : []),
      run.cold ? screen.say('cli.list.cold', { name: run.name }) : run.name,
      screen.say(`state.${run.state}`),
      ...(onHosts ? [run.hosts ? `${run.hosts.ok} ∕ ${run.hosts.asked}` : ''] : []),
      String(run.trials),
      readiness(screen, run).join(separator),
    ]);
    const painted = grid(screen, head, rows, right);
    if (separator === '\n' || painted.split('\n').every((line) => widthOf(line) <= screen.width)) {
      return screen.line(painted);
    }
  }
}

/** Of several computers there is no time to ready, but how many times as much one way takes as the other. */
function ratiosOf(screen: Screen, { ratios }: NonNullable<RunSummary['hosts']>): string[] {
  const told = { memory: ratios.memory, 'start-up': ratios.startUp };
  return (['memory', 'start-up'] as const).flatMap((id) =>
    told[id] === undefined
      ? []
      : [`${screen.say(`cli.summary.${id}`)} ${showTimes(screen.locale, told[id], 2)}`],
  );
}

const readiness = (screen: Screen, run: RunSummary): string[] => {
  if (run.hosts) return ratiosOf(screen, run.hosts);
  return run.targets.flatMap((target) => {
    const readyMs = run.readyMs[target];
    return readyMs === undefined
      ? []
      : [
          `${nameOf(screen.locale, 'target', target)} ${showMs(screen.locale, readyMs)}${run.emulated.includes(target) ? ' (TCG)' : ''}`,
        ];
  });
};
