import { isOwnObstacle, type Check, type DoctorReport } from '../../../contract/machine';
import { exitCodeOf, type Failure } from '../../../contract/failures';
import { failedBoot } from '../../../contract/run/testBoot';
import { usualTargets } from '../../../contract/targets';
import { explain, nameOf, say } from '../../../contract/messages';
import { toFailure } from '../../../engine/base/errors';
import type { Door } from '../door';
import { chosenHost } from '../hosts/chosen';
import { padded, widthOf } from '../terminal/layout';
import { measureNoise, paintNoise } from '../noise';
import type { Screen, Tone } from '../terminal/screen';

const marks: Record<Check['standing'], [string, Tone]> = {
  ok: ['✓', 'good'],
  warning: ['!', 'warn'],
  missing: ['✗', 'bad'],
};

export interface DoctorOptions {
  /** others than this computer */
  host?: string[];
  json?: boolean;
  noise?: boolean;
  verbose?: boolean;
}

/** `tare doctor`: what works here, why not, and the remedy. Exits with 3 when the main comparison cannot be run. */
export async function doctor(door: Door, options: DoctorOptions): Promise<void> {
  if (options.host) return doctorHosts(door, options.host, options);
  const engine = door.engine();
  const report = await engine.doctor({ again: true });
  const able = isAble(report);
  if (!able) door.exitCode = exitCodeOf({ code: 'kit-missing', folder: '' });
  const noise = options.noise ? await measureNoise(door) : undefined;
  if (options.json) return door.out.json({ ...report, ...(noise && { noise }) });
  paint(door.out, report);
  if (options.verbose) paintBoots(door.out, report);
  door.out.line();
  door.out.paragraph(door.out.say(able ? 'cli.doctor.able' : 'cli.doctor.unable'));
  if (noise) paintNoise(door, noise);
}

/** With the two sides of the comparison, Tare can do its main job. */
const isAble = ({ targets }: DoctorReport): boolean =>
  usualTargets.every((id) => targets.some((target) => target.id === id && target.available));

/** One after the other, since ssh may ask a person. Exits with 3 when one is not reached, or cannot run the main comparison. */
async function doctorHosts(
  door: Door,
  hosts: readonly string[],
  { json, verbose }: DoctorOptions,
): Promise<void> {
  const { out, err } = door;
  const told: object[] = [];
  for (const host of hosts.map((text) => chosenHost(text))) {
    const name = typeof host === 'string' ? host : host.name;
    const asks = err.isTerminal;
    try {
      const report = await door.engine().doctorHost({ host, ...(asks && { asks }) });
      if (!isAble(report)) door.exitCode = exitCodeOf({ code: 'no-host', hosts: 1 });
      if (json) told.push({ host: name, report });
      else {
        if (hosts.length > 1) out.line(out.tone('bold', name));
        paint(out, report);
        if (verbose) paintBoots(out, report);
        out.line();
      }
    } catch (error) {
      const failure = toFailure(error);
      door.exitCode = exitCodeOf(failure);
      if (json) told.push({ host: name, failure });
      else err.failure(failure, name);
    }
  }
  if (json) out.json(told);
}

function paint(screen: Screen, report: DoctorReport): void {
  const { locale } = screen;
  screen.line(screen.tone('bold', `Tare ${report.tareVersion}`));
  const names = padded(report.checks.map(({ name }) => nameOf(locale, 'check', name)));
  report.checks.forEach((check, at) => {
    const [mark, tone] = marks[check.standing];
    // A failure explains itself better than the bare fact: with units, and the system's codes in words.
    const found = check.failure ? explain(locale, check.failure).what : say(locale, check.found);
    const lead = `${screen.tone(tone, mark)} ${names[at]!}  `;
    screen.paragraph(found, lead);
    paintCheck(screen, check, widthOf(lead));
  });
  screen.line();
  screen.line(screen.tone('bold', screen.say('cli.doctor.targets')));
  const ids = padded(report.targets.map(({ id }) => nameOf(locale, 'target', id)));
  report.targets.forEach((target, at) => {
    const [mark, tone] = marks[target.available ? 'ok' : 'missing'];
    const why = target.why ? explain(locale, target.why).what : screen.say('cli.doctor.available');
    const lead = `${screen.tone(tone, mark)} ${ids[at]!}  `;
    screen.paragraph(why, lead);
    if (target.why && isOwnObstacle(report, target.why)) paintRemedy(screen, target.why, widthOf(lead));
  });
}

/** What stands below a check: evidence, and what helps. */
function paintCheck(screen: Screen, { failure, remedy, boots }: Check, indent: number): void {
  const words = failure ? explain(screen.locale, failure) : undefined;
  const details = words?.details ?? (failedBoot(boots)?.output ?? '').split('\n').filter(Boolean);
  for (const line of details) screen.line(' '.repeat(indent) + screen.tone('dim', line));
  const helps = remedy ? say(screen.locale, remedy) : words?.remedy;
  if (helps !== undefined) screen.paragraph(helps, `${' '.repeat(indent)}→ `);
}

/** How each accelerator was tried: the command can be copied, and what QEMU said is told to its last line. */
function paintBoots(screen: Screen, { checks }: DoctorReport): void {
  const boots = checks.flatMap((check) => check.boots ?? []);
  if (boots.length === 0) return;
  screen.line();
  screen.line(screen.tone('bold', screen.say('cli.doctor.boots')));
  for (const { accelerator, result, exit, tookMs, commandLine, output } of boots) {
    const facts = { accelerator: accelerator.toUpperCase(), exit, tookMs: { ms: tookMs } };
    const mark = screen.tone(result === 'works' ? 'good' : 'bad', result === 'works' ? '✓' : '✗');
    screen.paragraph(screen.say(`cli.doctor.boot.${result}`, facts), `${mark} `);
    screen.line(`  ${commandLine}`);
    for (const line of output.split('\n').filter(Boolean)) screen.line(screen.tone('dim', `  ${line}`));
  }
}

function paintRemedy(screen: Screen, failure: Failure, indent: number): void {
  const { remedy, details } = explain(screen.locale, failure);
  for (const line of details) screen.line(' '.repeat(indent) + screen.tone('dim', line));
  screen.paragraph(remedy, `${' '.repeat(indent)}→ `);
}
