/** What a command line says before it is finished: the command, how many arguments it has, and the word that is being typed. */
import type { Command, Option } from 'commander';
import { wordsOf } from '../../../contract/commandLine';
import { collected } from '../planOptions';

export interface Unfinished {
  command: Command;
  /** of the command, so far */
  operands: number;
  options: { option: Option; value?: string }[];
  /** the option whose value is being typed */
  waiting?: Option;
  /** only arguments follow, after `--` */
  onlyOperands: boolean;
  /** as it was begun, perhaps empty; of `--format=h` what stands behind the sign */
  word: string;
  /** `--format=` of that, else empty */
  before: string;
}

/** The words of a line, the last of them being typed; quotes that are still open are closed. */
function typedWords(line: string): string[] {
  const closed = wordsOf(line);
  if (closed) return /(^|\s)$/.test(line) ? [...closed, ''] : closed;
  return wordsOf(`${line}"`) ?? wordsOf(`${line}'`) ?? [];
}

/** An option of a command or of those above it. */
export const optionsOf = (command: Command): Option[] => {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
};

export const subcommandsOf = (command: Command): readonly Command[] =>
  command.createHelp().visibleCommands(command);

/** @param line  up to the cursor, the name of the program first */
export function readLine(program: Command, line: string): Unfinished {
  const [word = '', ...before] = typedWords(line).slice(1).reverse();
  const start = { command: program, operands: 0, options: [], onlyOperands: false };
  const state: Unfinished = { ...start, word, before: '' };
  for (const one of before.reverse()) take(state, one);
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  const option = name !== undefined && !state.waiting && !state.onlyOperands ? named(state, name) : undefined;
  return option ? { ...state, waiting: option, word: value!, before: `${name}=` } : state;
}

const named = ({ command }: Unfinished, name: string | undefined): Option | undefined =>
  optionsOf(command).find(({ long, short }) => [long, short].includes(name));

function take(state: Unfinished, word: string): void {
  const { waiting } = state;
  if (waiting) {
    state.options.push({ option: waiting, value: word });
    delete state.waiting;
  } else if (state.onlyOperands) state.operands += 1;
  else if (word === '--') state.onlyOperands = true;
  else if (word.startsWith('-')) takeOption(state, word);
  else {
    const below = state.operands === 0 ? subcommandsOf(state.command) : [];
    const next = below.find((command) => command.name() === word);
    // `help run` tells of the command and takes nothing else
    if (next && next.name() !== 'help') state.command = next;
    else if (!next) state.operands += 1;
  }
}

function takeOption(state: Unfinished, word: string): void {
  const [name, value] = word.split(/=(.*)/s, 2);
  const option = named(state, name);
  if (!option) return;
  if (option.required && value === undefined) state.waiting = option;
  else state.options.push({ option, ...(value !== undefined && { value }) });
}

/** Whether an option can be added to those that are there. */
export const isOpen = (option: Option, { options }: Unfinished): boolean =>
  options.every(
    ({ option: given }) =>
      (given.long !== option.long || option.parseArg === collected) &&
      !conflicts(given, option) &&
      !conflicts(option, given),
  );

/** Commander keeps these names to itself. */
const conflicts = (one: Option, other: Option): boolean =>
  (one as Option & { conflictsWith: readonly string[] }).conflictsWith.includes(other.attributeName());
