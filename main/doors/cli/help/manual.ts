/** The reference in the manual: every command with its arguments and options, in the words of its help, for troff. */
import type { Command } from 'commander';

/** As troff takes it to be text: no hyphen becomes a sign for the eye alone, and no line a request. */
const plain = (text: string): string =>
  text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/^([.'])/gm, '\\&$1');

/** @see man(7) and groff_man(7) */
export function manual(program: Command): string {
  const of = listOf(program);
  const commands = program.createHelp().visibleCommands(program).flatMap(withSubcommands);
  return [
    '.SH OPTIONS',
    ...of.options,
    '.SH COMMANDS',
    ...commands.flatMap((command) => {
      const { usage, description, args, options } = listOf(command);
      return [`.SS "${usage}"`, description, ...args, ...options];
    }),
    '',
  ].join('\n');
}

const withSubcommands = (command: Command): Command[] => [
  ...(command.name() === 'help' ? [] : [command]),
  ...command.createHelp().visibleCommands(command).flatMap(withSubcommands),
];

function listOf(command: Command) {
  const help = command.createHelp();
  const entry = (term: string, words: string) => ['.TP', `.B ${plain(term)}`, plain(words)];
  return {
    usage: plain(help.commandUsage(command)),
    description: plain(help.commandDescription(command)),
    args: help
      .visibleArguments(command)
      .flatMap((one) => entry(help.argumentTerm(one), help.argumentDescription(one))),
    // what help tells of itself stands once, with the options of every command
    options: help
      .visibleOptions(command)
      .filter(({ long }) => !command.parent || long !== '--help')
      .flatMap((one) => entry(help.optionTerm(one), help.optionDescription(one))),
  };
}
