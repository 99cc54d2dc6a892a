/** What may come next on a command line, out of commander's own tables: commands, options, choices, and the names that Tare knows. */
import type { Argument, Command, Option } from 'commander';
import { isOpen, optionsOf, readLine, subcommandsOf, type Unfinished } from './reading';

export interface Candidate {
  value: string;
  /** what it is, in a few words */
  about?: string;
}

/** Names that only Tare knows. */
type NameKind = 'host' | 'plan' | 'target' | 'workload' | 'run' | 'deleted' | 'term';
export type Names = Record<NameKind, (line: Unfinished) => Promise<Candidate[]>>;

/** What the shell itself completes. */
type Paths = 'files' | 'folders';

interface Values {
  names?: NameKind;
  /** several, with commas between */
  list?: boolean;
  /** where no name begins like this */
  paths?: Paths;
}

/**
 * Values of options that have no fixed choices, by the option's name, or by command and option where others are called alike. What is
 * missing here is free text.
 */
const optionValues: Readonly<Record<string, Values>> = {
  build: { paths: 'folders' },
  'build-file': { paths: 'files' },
  compose: { paths: 'files' },
  'data-folder': { paths: 'folders' },
  'doctor host': { names: 'host' },
  file: { paths: 'files' },
  hosts: { paths: 'files' },
  out: { paths: 'files' },
  'run host': { names: 'host' },
  'tls-cert': { paths: 'files' },
  'tls-key': { paths: 'files' },
  targets: { names: 'target', list: true },
  workload: { names: 'workload' },
};

/** The same of arguments, by the names of command and argument. */
const argumentValues: Readonly<Record<string, Values>> = {
  'ab a': { paths: 'files' },
  'ab b': { paths: 'files' },
  'compare base': { names: 'run', list: true, paths: 'files' },
  'compare run': { names: 'run', list: true, paths: 'files' },
  'delete run': { names: 'run' },
  'explain term': { names: 'term' },
  'export run': { names: 'run' },
  'host install host': { names: 'host' },
  'host remove name': { names: 'host' },
  'host uninstall host': { names: 'host' },
  'image build folder': { paths: 'folders' },
  'rename run': { names: 'run' },
  'restore run': { names: 'deleted' },
  'run plan': { names: 'plan', paths: 'files' },
  'show run': { names: 'run' },
};

export interface Completion {
  candidates: Candidate[];
  paths?: Paths;
}

/**
 * @param line  what was typed up to the cursor, the name of the program first
 * @returns what the last word may become, best first; or what kind of path the shell is to look for
 */
export async function complete(program: Command, line: string, names: Names): Promise<Completion> {
  const state = readLine(program, line);
  const { candidates, paths } = await following(state, names);
  const fitting = candidates.filter(({ value }) => value.startsWith(state.word) && value !== '');
  const whole = fitting.map(({ value, ...rest }) => ({ value: state.before + value, ...rest }));
  return { candidates: whole, ...(whole.length === 0 && paths && { paths }) };
}

async function following(state: Unfinished, names: Names): Promise<Completion> {
  const { command, waiting, word, onlyOperands, operands } = state;
  if (waiting) {
    const name = waiting.name();
    const values = optionValues[`${pathOf(command)} ${name}`] ?? optionValues[name] ?? {};
    return valuesOf(waiting, values, state, names);
  }
  if (word.startsWith('-') && !onlyOperands) return { candidates: optionCandidates(state) };
  const below = subcommandsOf(command);
  if (below.length > 0) {
    const isNext = operands === 0 && !onlyOperands;
    return {
      candidates: isNext ? below.map((one) => ({ value: one.name(), about: one.description() })) : [],
    };
  }
  const { registeredArguments: all } = command;
  const argument = all[operands] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  if (argument)
    return valuesOf(argument, argumentValues[`${pathOf(command)} ${argument.name()}`] ?? {}, state, names);
  return { candidates: onlyOperands ? [] : optionCandidates(state) };
}

/** `image build` */
const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

const optionCandidates = (state: Unfinished): Candidate[] =>
  optionsOf(state.command)
    .filter((option) => isOpen(option, state))
    .map((option) => ({ value: option.long ?? option.short!, about: option.description }));

async function valuesOf(
  { argChoices }: Option | Argument,
  { names, list, paths }: Values,
  state: Unfinished,
  known: Names,
): Promise<Completion> {
  if (argChoices) return { candidates: argChoices.map((value) => ({ value })) };
  const found = names ? await known[names](state) : [];
  const done = list ? state.word.slice(0, state.word.lastIndexOf(',') + 1) : '';
  const candidates = found
    .filter(({ value }) => !done.split(',').includes(value))
    .map(({ value, ...rest }) => ({ value: done + value, ...rest }));
  return { candidates, ...(paths && { paths }) };
}
