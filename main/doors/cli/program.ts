import { Command, Help, Option, type Argument } from 'commander';
import { version } from '../../../package.json';
import { exportFormats } from '../../contract/exports';
import { locales } from '../../contract/appearance';
import { listOf, message, type MessageKey } from '../../contract/messages';
import { measuringFields, runFields, sourceFields } from '../../contract/planFields';
import { Accelerator } from '../../contract/run/run';
import { addAb } from './commands/ab';
import { clean, type CleanOptions } from './commands/clean';
import { compare, type CompareOptions } from './commands/compare';
import { addCompletion } from './commands/completion';
import { doctor, type DoctorOptions } from './commands/doctor';
import { addExplain } from './commands/explain';
import { exportRun } from './commands/export';
import { guestBuild, guestList } from './commands/guest';
import { addHistory } from './commands/history';
import { addHost } from './commands/host';
import { addSwarm } from './hosts/swarm';
import { addImage } from './commands/image';
import { addIsolation, runIsolation } from './commands/isolation';
import { history } from './commands/series';
import { list } from './commands/list';
import { run, type RunOptions } from './commands/run';
import { show } from './commands/show';
import { addWorkflow } from './commands/workflow';
import type { Door } from './door';
import { addBuilding } from './buildOptions';
import { addFields, collected } from './planOptions';
import { widthOf, wrap } from './terminal/layout';

/** A further command, for doors that only some builds have, such as `serve`. */
export type Registration = (program: Command, door: Door) => void;

/** Commands, options and help in the reader's language. */
export function buildProgram(door: Door, further: Registration[] = []): Command {
  const say = (key: MessageKey, facts?: Record<string, string>) => message(door.locale, key, facts);
  const program = new Command('tare');
  prepare(program, door);
  program
    .description(say('cli.help.tare'))
    .version(version, '-V, --version', say('cli.option.version'))
    .helpOption('-h, --help', say('cli.option.help'))
    .helpCommand('help [command]', say('cli.help.help'))
    .addOption(new Option('--lang <language>', say('cli.option.lang')).choices([...locales]))
    .option('--data-folder <folder>', say('cli.option.data-folder'))
    .addOption(new Option('--accelerator <name>', say('cli.option.accelerator')).choices(Accelerator.options))
    .option('--no-reader', say('cli.option.no-reader'))
    .option('-q, --quiet', say('cli.option.quiet'));
  program.hook('preAction', () => {
    const { quiet, reader, ...options } = program.opts<
      Pick<Door, 'dataFolder' | 'accelerator'> & { quiet?: boolean; reader: boolean }
    >();
    door.dataFolder = options.dataFolder;
    door.accelerator = options.accelerator;
    door.engineReader = reader ? undefined : 'never';
    door.quiet = quiet === true;
  });
  addRun(program, door);
  addAb(program, door);
  addRecords(program, door);
  addHistory(program, door);
  addImage(program, door);
  addIsolation(program, door);
  addWorkflow(program, door);
  addMachine(program, door);
  addHost(program, door);
  addExplain(program, door);
  addCompletion(program, door);
  for (const add of further) add(program, door);
  return program;
}

/** Settings that subcommands inherit, so they come first. */
function prepare(program: Command, door: Door): void {
  const titles: Record<string, MessageKey> = {
    'Usage:': 'cli.title.usage',
    'Options:': 'cli.title.options',
    'Arguments:': 'cli.title.arguments',
    'Commands:': 'cli.title.commands',
    'Global Options:': 'cli.title.global-options',
  };
  program.exitOverride().configureOutput({
    writeOut: (text) => door.out.write(text),
    writeErr: (text) => door.err.write(text),
    outputError: () => {}, // worded again by usage.ts
    getOutHelpWidth: () => Math.min(door.out.width, 120),
    getErrHelpWidth: () => Math.min(door.err.width, 120),
    getOutHasColors: () => door.out.isTerminal,
    getErrHasColors: () => door.err.isTerminal,
  });
  const help = new Help();
  program.configureHelp({
    // a Chinese colon takes the place of a space
    formatHelp: (command, helper) => help.formatHelp(command, helper).replace(/(：\S*) /, '$1'),
    showGlobalOptions: true,
    styleTitle: (title) => door.out.tone('bold', titles[title] ? message(door.locale, titles[title]) : title),
    displayWidth: widthOf,
    boxWrap: (text, width) => wrap(text, width).join('\n'),
    optionDescription: (option) => describe(door, option),
    argumentDescription: (argument) => describe(door, argument),
  });
}

function describe(door: Door, { description, argChoices, defaultValue }: Option | Argument): string {
  const say = (key: MessageKey, facts: Record<string, string>) => message(door.locale, key, facts);
  if (argChoices) return say('cli.choices', { description, choices: listOf(door.locale, argChoices) });
  return typeof defaultValue === 'string'
    ? say('cli.default', { description, value: defaultValue })
    : description;
}

function addRun(program: Command, door: Door): void {
  const say = (key: MessageKey) => message(door.locale, key);
  const command = program
    .command('run')
    .description(say('cli.help.run'))
    .argument('[plan]', say('cli.argument.plan'));
  addFields(command, say, sourceFields)
    .addOption(
      new Option('--compose <file>', say('cli.option.compose')).conflicts([
        ...['image', 'build', 'workload', 'vmDisk', 'port', 'probe'],
      ]),
    )
    .option('--service <names>', say('cli.option.service'));
  addFields(addBuilding(command, say), say, measuringFields);
  addFields(command, say, runFields)
    .option('--host <host>', say('cli.option.host'), collected)
    .option('--hosts <file>', say('cli.option.hosts'));
  addSwarm(command, say)
    .option('--anyway', say('cli.option.anyway'))
    .option('--full', say('cli.option.full'))
    .option('--phases', say('cli.option.phases'))
    .option('--out <file>', say('cli.option.out-run'))
    .addOption(new Option('--events', say('cli.option.events')).conflicts(['json', 'full', 'phases']))
    .option('--json', say('cli.option.json'))
    .action((plan: string | undefined, options: RunOptions) =>
      plan === 'isolation' ? runIsolation(door, command, options) : run(door, plan, options),
    );
}

function addRecords(program: Command, door: Door): void {
  const say = (key: MessageKey, facts?: Record<string, string>) => message(door.locale, key, facts);
  program
    .command('list')
    .description(say('cli.help.list'))
    .option('--all', say('cli.option.all'))
    .option('--json', say('cli.option.json'))
    .action((options: { json?: boolean; all?: boolean }) => list(door, options));
  program
    .command('history')
    .description(say('cli.help.history'))
    .option('--json', say('cli.option.json'))
    .action((options: { json?: boolean }) => history(door, options));
  program
    .command('show')
    .description(say('cli.help.show'))
    .argument('<run>', say('cli.argument.run'))
    .option('--full', say('cli.option.full'))
    .option('--phases', say('cli.option.phases'))
    .option('--json', say('cli.option.json'))
    .action((id: string, options: Parameters<typeof show>[2]) => show(door, id, options));
  program
    .command('compare')
    .description(say('cli.help.compare'))
    .argument('<base>', say('cli.argument.base'))
    .argument('<run>', say('cli.argument.other'))
    .addOption(new Option('--fail-on <what>', say('cli.option.fail-on')).choices(['regression']))
    .option('--minimum <share>', say('cli.option.minimum'))
    .option('--json', say('cli.option.json'))
    .action((base: string, other: string, options: CompareOptions) => compare(door, base, other, options));
  program
    .command('export')
    .description(say('cli.help.export'))
    .argument('<run>', say('cli.argument.run'))
    .addOption(new Option('--format <format>', say('cli.option.format')).choices([...exportFormats]))
    .requiredOption('--out <path>', say('cli.option.out-export'))
    .option('--published', say('cli.option.published'))
    .option('--with-values', say('cli.option.with-values-export'))
    .action((id: string, options: Parameters<typeof exportRun>[2]) => exportRun(door, id, options));
}

function addMachine(program: Command, door: Door): void {
  const say = (key: MessageKey) => message(door.locale, key);
  program
    .command('doctor')
    .description(say('cli.help.doctor'))
    .option('--host <host>', say('cli.option.host-doctor'), collected)
    .option('--noise', say('cli.option.noise'))
    .option('--verbose', say('cli.option.verbose-doctor'))
    .option('--json', say('cli.option.json'))
    .action((options: DoctorOptions) => doctor(door, options));
  program
    .command('clean')
    .description(say('cli.help.clean'))
    .option('--cache', say('cli.option.cache'))
    .option('--dry-run', say('cli.option.dry-run'))
    .option('--json', say('cli.option.json'))
    .action((options: CleanOptions) => clean(door, options));
  const guest = program.command('guest').description(say('cli.help.guest'));
  guest
    .command('list')
    .description(say('cli.help.guest-list'))
    .option('--json', say('cli.option.json'))
    .action((options: { json?: boolean }) => guestList(door, options));
  guest
    .command('build')
    .description(say('cli.help.guest-build'))
    .addOption(new Option('--kernel <kernel>', say('cli.option.kernel')).choices(['distribution', 'minimal']))
    .option('--json', say('cli.option.json'))
    .action((options: { json?: boolean; kernel?: string }) => guestBuild(door, options));
}
