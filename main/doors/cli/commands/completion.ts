import { Argument, type Command } from 'commander';
import { offeredNames } from '../../../contract/plan';
import { nameOf, planTitleIn, type MessageKey } from '../../../contract/messages';
import type { RunSummary } from '../../../contract/run/run';
import { baseTargets } from '../../../contract/targets';
import { complete, type Candidate, type Names } from '../completion/complete';
import type { Unfinished } from '../completion/reading';
import { scripts, shells, type Shell } from '../completion/scripts';
import type { Door } from '../door';
import { manual } from '../help/manual';
import { recordedRuns } from '../records';
import { termNames } from './explain';

/** `tare completion SHELL`; and hidden, what its scripts ask at each press of the key, and what packages make their manual of. */
export function addCompletion(program: Command, door: Door): void {
  const text = (key: MessageKey) => door.out.say(key);
  program
    .command('completion')
    .description(text('cli.help.completion'))
    .addArgument(new Argument('<shell>', text('cli.argument.shell')).choices(shells))
    .action((shell: Shell) => door.out.write(scripts[shell]));
  program
    .command('complete', { hidden: true })
    .argument('<line>')
    .action((line: string) => answer(program, door, line));
  program.command('manual', { hidden: true }).action(() => door.out.write(manual(program)));
}

/** One candidate in a line, with what it is after a tab; a line that begins with `:` says what the shell is to look for itself. */
async function answer(program: Command, door: Door, line: string): Promise<void> {
  const { candidates, paths } = await complete(program, line, namesOf(door));
  for (const { value, about } of candidates) door.out.line(about ? `${value}\t${inOneLine(about)}` : value);
  if (paths) door.out.line(`:${paths}`);
}

/** The name of a run is a person's own. */
const inOneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ');

function namesOf(door: Door): Names {
  const { locale } = door;
  const fixed = (values: readonly string[], about?: (value: string) => string) => () =>
    Promise.resolve(values.map((value) => ({ value, ...(about && { about: about(value) }) })));
  const engine = ({ options }: Unfinished) => {
    const folder = options.find(({ option }) => option.name() === 'data-folder')?.value;
    door.dataFolder = folder ?? door.dataFolder;
    return door.engine();
  };
  const told = ({ id, name, label }: RunSummary): Candidate => ({
    value: id,
    about: label?.name ?? planTitleIn(locale, name),
  });
  return {
    host: async (line) =>
      (await engine(line).hosts({})).map(({ name, address }) => ({ value: name, about: address })),
    target: fixed(baseTargets, (id) => nameOf(locale, 'target', id)),
    workload: fixed(offeredNames),
    term: () => Promise.resolve(termNames(locale).map(({ id, name }) => ({ value: id, about: name }))),
    plan: async (line) =>
      (await engine(line).presets({})).map(({ name }) => ({ value: name, about: planTitleIn(locale, name) })),
    run: async (line) => {
      const runs = await recordedRuns(engine(line));
      const newest = runs.slice(0, 1).map((run) => ({ ...told(run), value: 'last' }));
      return [...newest, ...runs.map(told)];
    },
    deleted: async (line) => (await engine(line).deletedRuns({})).map(told),
  };
}
