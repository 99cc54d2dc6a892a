import { nameOf, wordReason, type MessageKey } from '../../contract/messages';
import { missingWords } from '../../contract/run/missing';
import { showBytes } from '../../contract/quantities';
import type { Run, Trial } from '../../contract/run/run';
import { headingFacts, paintReport } from './terminal/report';
import type { Screen } from './terminal/screen';

/** A row for every phase of every pair: shown when asked for. */
const longTable = 'phases';

/** The failures of trials, whose remedies come last: see {@link paintFailures}. */
const toldAtTheEnd: MessageKey = 'verdict.trial-failed';

/** What a run says, for a terminal: the verdicts first, then the figures, then the notes and what is missing. */
export function paintRun(screen: Screen, run: Run, { phases = false } = {}): void {
  screen.paragraph(screen.tone('bold', heading(screen, run)));
  screen.paragraph(machine(screen, run));
  paintEmulation(screen, run);
  const { verdicts = [], tables = [] } = run.report ?? {};
  paintReport(screen, {
    verdicts: verdicts.filter(({ text }) => text.key !== toldAtTheEnd),
    tables: tables.filter(({ id, rows }) => rows.length > 0 && (phases || id !== longTable)),
  });
  paintMissing(screen, run);
}

/** What was run, when, and how that ended. */
export function heading(screen: Screen, run: Run): string {
  const heading = screen.say('cli.result.heading', headingFacts(screen, run.plan, run.startedAt));
  const title = run.plan.cold ? screen.say('cli.result.heading-cold', { title: heading }) : heading;
  if (run.state === 'done') return title;
  return screen.say('cli.result.heading-state', { title, state: screen.say(`state.${run.state}`) });
}

/** The conditions that a reader needs to judge the figures, in one line. */
function machine(screen: Screen, { environment: { host, engine, qemu } }: Run): string {
  const { locale } = screen;
  const facts = [
    host.cpu,
    host.cores === undefined ? undefined : screen.say('cli.result.cores', { cores: host.cores }),
    host.memoryBytes === undefined ? undefined : showBytes(locale, host.memoryBytes),
    host.kernel && `Linux ${host.kernel}`,
    engine && `${engine.name} ${engine.version}`,
    qemu &&
      screen.say('cli.result.qemu', {
        version: qemu.version,
        accelerator: screen.say(`accelerator.${qemu.accelerator}`),
      }),
  ];
  return facts.filter(Boolean).join(' · ');
}

/** Why VMs were emulated although nobody asked for it: by then the remedy is worth more than the figures. */
function paintEmulation(screen: Screen, { environment: { qemu } }: Run): void {
  if (qemu?.accelerator !== 'tcg' || qemu.reason === 'forced') return;
  const reason = screen.say('cli.result.emulated', { reason: wordReason(screen.locale, qemu.reason) });
  screen.paragraph(reason, `${screen.tone('warn', '!')} `);
}

/** Figures that could not be read, each with its reason, said once. */
function paintMissing(screen: Screen, run: Run): void {
  const reasons = missingWords(screen.locale, run);
  if (reasons.length === 0) return;
  screen.line();
  screen.paragraph(screen.say('cli.result.missing'));
  for (const reason of reasons) screen.paragraph(reason, '  ');
}

/** Each different failure once, with the trials that it ended. */
export function paintFailures(screen: Screen, run: Run): void {
  const groups = new Map<string, Trial[]>();
  for (const trial of run.trials.filter(({ failure }) => failure && failure.code !== 'stopped')) {
    const key = `${trial.workload} ${trial.target} ${trial.failure!.code}`;
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  for (const [first] of groups.values()) {
    const { workload, target, failure } = first!;
    screen.failure(failure!, `${workload} · ${nameOf(screen.locale, 'target', target)}`);
  }
  if (run.failure) screen.failure(run.failure);
}
