import { Option, type Command } from 'commander';
import path from 'node:path';
import { exitCodeOf } from '../../../contract/failures';
import { nameOf, say, type MessageKey } from '../../../contract/messages';
import { showBytes, showMs } from '../../../contract/quantities';
import { usualVm } from '../../../contract/targets';
import { jobInputs } from '../../../contract/work/work';
import {
  laneName,
  stepTitle,
  workflowMachines,
  type WorkflowMachine,
  type WorkflowReport,
  type WorkflowStep,
  type WorkflowWay,
} from '../../../contract/work/workflow';
import { badInput } from '../../../engine/base/errors';
import { parsed } from '../../problems';
import { addBuilding, firstBuildOption, readBuildOptions, type TypedBuild } from '../buildOptions';
import type { Door } from '../door';
import { followJob } from '../jobs';
import { cut, widthOf } from '../terminal/layout';
import type { Screen, Tone } from '../terminal/screen';

interface WorkflowOptions extends TypedBuild {
  image?: string;
  build?: string;
  machine: WorkflowMachine;
  fresh?: boolean;
  port?: string;
  probe?: string;
  commands?: boolean;
  json?: boolean;
}

/** The command `tare workflow`. */
export function addWorkflow(program: Command, door: Door): void {
  const text = (key: MessageKey) => door.out.say(key);
  const command = program
    .command('workflow')
    .description(text('cli.help.workflow'))
    .addOption(new Option('--image <ref>', text('cli.option.image')).conflicts('build'))
    .option('--build <folder>', text('cli.option.build'));
  addBuilding(command, text)
    .addOption(
      new Option('--machine <target>', text('cli.option.machine'))
        .choices([...workflowMachines])
        .default(usualVm),
    )
    .option('--fresh', text('cli.option.fresh'))
    .option('--port <n>', text('cli.option.port'))
    .option('--probe <path>', text('cli.option.probe'))
    .option('--commands', text('cli.option.commands'))
    .option('--json', text('cli.option.json'))
    .action((options: WorkflowOptions) => workflow(door, options));
}

/** `tare workflow`: who does what on an image's way, and for how long. Exits with 1 when the container or the VM failed. */
async function workflow(door: Door, options: WorkflowOptions): Promise<void> {
  const report = await followJob(door, 'workflow', orderOf(options, door));
  const failed = report.ways.find(({ failure }) => failure);
  if (failed) door.exitCode = report.ways.some(({ failure }) => !failure) ? 1 : exitCodeOf(failed.failure!);
  if (options.json) return door.out.json(report);
  for (const way of report.ways) paintWay(door.out, way, options.commands === true);
  paintAnswer(door.out, report);
  for (const { target, failure } of report.ways) {
    if (failure) door.err.failure(failure, nameOf(door.locale, 'target', target));
  }
}

/** @throws {TareError} `bad-input` with every problem at once */
function orderOf({ image, build, machine, fresh, port, probe, ...typed }: WorkflowOptions, door: Door) {
  const { cwd } = door.terminal;
  const alone = build === undefined ? firstBuildOption(typed) : undefined;
  if (alone !== undefined) throw badInput('cli.build-alone', { option: alone });
  const source =
    build !== undefined
      ? { kind: 'folder', path: path.resolve(cwd, build), ...readBuildOptions(typed, cwd) }
      : image !== undefined
        ? { kind: 'reference', reference: image }
        : { kind: 'starter' };
  return parsed(jobInputs.workflow, {
    source,
    machine,
    fresh: fresh === true,
    ...(port !== undefined && { port: Number(port) }),
    ...(probe !== undefined && { probe }),
  });
}

/** A lane's steps as a bar of this many columns; what is too short to see is still one column. */
const barColumns = 40;
/** A stage may have any name. */
const longestLane = 24;

const laneTones: Record<string, Tone> = { client: 'bold', daemon: 'good', registry: 'warn', guest: 'warn' };

function paintWay(screen: Screen, way: WorkflowWay, commands: boolean): void {
  const { locale } = screen;
  const took = showMs(locale, way.tookMs);
  const facts = { took, start: showMs(locale, way.startMs ?? 0) };
  const total = screen.say(way.startMs === undefined ? 'workflow.whole' : 'workflow.total', facts);
  const target = nameOf(locale, 'target', way.target);
  screen.line();
  screen.line(screen.tone('bold', `${screen.say(`workflow.way.${way.id}`)} · ${target} · ${total}`));
  if (way.accelerator === 'tcg') screen.paragraph(screen.say('workflow.emulated'), screen.tone('warn', '! '));
  const lanes = way.lanes.map(({ lane, part, steps }) => ({
    lane,
    steps,
    name: cut((part ? '· ' : '') + say(locale, laneName({ lane, ...(part && { part }) })), longestLane),
  }));
  const width = Math.max(...lanes.map(({ name }) => widthOf(name)));
  const pad = (text: string) => text + ' '.repeat(width - widthOf(text));
  for (const { lane, steps, name } of lanes) {
    const tone = laneTones[lane];
    const bar = barOf(steps, way.tookMs);
    screen.line(`  ${pad(name)}  ${tone ? screen.tone(tone, bar) : bar}`);
  }
  screen.line();
  const all = lanes.flatMap(({ name, steps }) =>
    steps.filter(({ idle }) => !idle).map((step) => ({ name, step })),
  );
  for (const { name, step } of all.sort((a, b) => a.step.fromMs - b.step.fromMs)) {
    paintStep(screen, pad(name), step, commands);
  }
  if (commands && way.command !== undefined) {
    screen.paragraph(screen.say('cli.workflow.command'), '  ');
    screen.line(`    $ ${way.command}`);
  }
}

/** `█` where something is done and `·` where nothing is. */
function barOf(steps: WorkflowStep[], tookMs: number): string {
  const busy = new Array<boolean>(barColumns).fill(false);
  for (const { idle, fromMs, toMs } of steps) {
    if (idle) continue;
    const from = Math.min(barColumns - 1, Math.floor((fromMs / tookMs) * barColumns));
    const to = Math.max(from + 1, Math.round((toMs / tookMs) * barColumns));
    busy.fill(true, from, to);
  }
  return busy.map((isBusy) => (isBusy ? '█' : '·')).join('');
}

function paintStep(screen: Screen, lane: string, step: WorkflowStep, commands: boolean): void {
  const { locale } = screen;
  const at = showMs(locale, step.fromMs).padStart(9);
  const took = showMs(locale, step.toMs - step.fromMs).padStart(9);
  const { size } = step.facts;
  const layer =
    typeof size === 'object' && 'bytes' in size && size.bytes > 0
      ? `  +${showBytes(locale, size.bytes)}`
      : '';
  const head = `  ${at}  ${took}  ${lane}  `;
  const title = stepTitle(locale, step);
  const cached = step.name === 'build-cached' ? `  · ${screen.say('instruction.cached')}` : '';
  const room = Math.max(30, screen.width - widthOf(head)) - widthOf(cached + layer);
  screen.line(head + cut(title, room) + cached + layer);
  if (commands && step.command !== undefined) {
    screen.line(screen.tone('dim', `${' '.repeat(widthOf(head))}$ ${step.command}`));
  }
}

function paintAnswer(screen: Screen, report: WorkflowReport): void {
  if (report.sameAnswer === undefined) return;
  screen.line();
  const digest = report.image?.digest.slice(0, 19) ?? '';
  const key = report.sameAnswer ? 'workflow.same-answer' : 'workflow.other-answer';
  const mark = report.sameAnswer ? screen.tone('good', '✓ ') : screen.tone('warn', '! ');
  screen.paragraph(screen.say(key, { digest }), mark);
}
