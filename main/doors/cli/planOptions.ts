/** The fields of a plan as options of commands, which commander reads into one object. */
import { Option, type Command } from 'commander';
import { tell, type MessageKey } from '../../contract/messages';
import { offeredNames } from '../../contract/plan';
import {
  fieldAt,
  planFields,
  readFields,
  type FieldId,
  type FieldValues,
  type measuringFields,
  type runFields,
  type sourceFields,
} from '../../contract/planFields';
import { withoutValue } from '../../contract/work/variables';
import { TareError } from '../../engine/base/errors';

type Flags = typeof sourceFields & typeof measuringFields & typeof runFields;
type Flag = Flags[keyof Flags]['flag'];
/** `vm-disk` of `--vm-disk <file>` */
type Name<F> = F extends `--${infer Long} ${string}` ? Long : F extends `--${infer Long}` ? Long : never;
type Camel<N extends string> = N extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : N;

/** What was typed, as commander names it. */
export type FieldOptions = {
  -readonly [Id in keyof Flags as Camel<Name<Flags[Id]['flag']>>]?: Flags[Id] extends { repeats: true }
    ? string[]
    : Flags[Id]['flag'] extends `${string} ${string}`
      ? string
      : boolean;
};

/** Of an option that may be given more than once. */
export const collected = (value: string, before: string[] = []): string[] => [...before, value];

export const nameIn = <F extends Flag>(flag: F) => flag.slice(2).split(' ')[0] as Name<F>;

/** @param fields  a part of the table of fields */
export function addFields(
  command: Command,
  say: (key: MessageKey) => string,
  fields: Record<string, { flag: Flag; conflicts?: readonly string[]; repeats?: true }>,
): Command {
  for (const { flag, conflicts = [], repeats } of Object.values(fields)) {
    const option = new Option(flag, say(`cli.option.${nameIn(flag)}`)).conflicts([...conflicts]);
    command.addOption(repeats ? option.argParser(collected) : option);
  }
  return command;
}

const isOption = (id: FieldId): id is keyof Flags => 'flag' in planFields[id];

/** `--memory` */
export const optionOf = (id: keyof Flags): string => `--${nameIn(planFields[id].flag)}`;

const typedIn = (options: FieldOptions, id: FieldId): FieldOptions[keyof FieldOptions] =>
  isOption(id) ? options[new Option(planFields[id].flag).attributeName() as keyof FieldOptions] : undefined;

/** The option that gave a field its value: who typed it knows it by that name. */
export function optionBehind(path: readonly PropertyKey[], options: FieldOptions): string | undefined {
  const id = fieldAt(path)?.id;
  return id && isOption(id) && typeof typedIn(options, id) === 'string' ? optionOf(id) : undefined;
}

/** @throws {TareError} `bad-input` with all that cannot be understood, so that a person corrects it in one go */
export function readOptions(options: FieldOptions): FieldValues {
  const typed = Object.fromEntries(
    Object.keys(planFields).map((id) => [id, typedIn(options, id as FieldId)]),
  );
  const { values, wrong } = readFields(typed);
  if (wrong.length === 0) return values;
  const problems = wrong.map(({ id, text }) => {
    const { called } = planFields[id].notation;
    return tell(called ? `cli.not-a-${called}` : 'problem.form', {
      option: optionOf(id as keyof Flags),
      text: called === 'setting' ? withoutValue(text) : text,
      known: { list: [...offeredNames] },
    });
  });
  throw new TareError({ code: 'bad-input', problems });
}
