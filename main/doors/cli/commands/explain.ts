import type { Command } from 'commander';
import texts from '../../../../assets/glossary.json';
import { locales } from '../../../contract/appearance';
import type { InputProblem } from '../../../contract/facts';
import { listOf, tell, type MessageKey } from '../../../contract/messages';
import type { Glossary, TermId } from '../../../contract/words/glossary';
import { similar } from '../../../contract/words/similar';
import { TareError } from '../../../engine/base/errors';
import type { Door } from '../door';
import { grid } from '../terminal/tables';

const glossary = texts as Glossary;
const ids = Object.keys(glossary) as TermId[];

export const termNames = (locale: Door['locale']) =>
  ids.map((id) => ({ id, name: glossary[id][locale].name }));

/** `tare explain`: what a word of reports means; without a word, which ones there are. */
export function addExplain(program: Command, door: Door): void {
  const text = (key: MessageKey) => door.out.say(key);
  program
    .command('explain')
    .description(text('cli.help.explain'))
    .argument('[term...]', text('cli.argument.term'))
    .option('--json', text('cli.option.json'))
    .action((words: string[], options: { json?: boolean }) => explain(door, words.join(' '), options));
}

function explain({ out, locale }: Door, word: string, { json }: { json?: boolean }): void {
  const told = (id: TermId) => {
    const { also, see, ...tellings } = glossary[id];
    return { id, ...tellings[locale], also, see };
  };
  if (word === '') {
    if (json) return out.json(ids.map(told));
    out.line(
      grid(
        out,
        [out.say('cli.explain.term'), ''],
        ids.map((id) => [id, told(id).name]),
      ),
    );
    return out.paragraph(out.tone('dim', out.say('cli.explain.how')));
  }
  const { name, short, more, see, ...rest } = told(find(word));
  if (json) return out.json({ ...rest, name, short, more, see });
  out.line(out.tone('bold', name));
  out.paragraph(short, '  ');
  out.paragraph(more, '  ');
  if (see.length > 0)
    out.line(out.tone('dim', `  ${out.say('cli.explain.see', { terms: listOf(locale, see) })}`));
}

const plain = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');

/** All that a term is called, in either language: a person may ask for what another reader's report says. */
const namesOf = (id: TermId): string[] => [
  ...[id, ...glossary[id].also, ...locales.map((locale) => glossary[id][locale].name)],
];

/** @throws {TareError} `bad-input`, with the terms that are spelled alike */
function find(word: string): TermId {
  const found = ids.find((id) => namesOf(id).some((name) => plain(name) === plain(word)));
  if (found) return found;
  const byName = new Map(ids.flatMap((id) => namesOf(id).map((name) => [plain(name), id])));
  const near = [...new Set(similar(plain(word), [...byName.keys()]).map((name) => byName.get(name)!))];
  const problems: InputProblem[] = [tell('cli.explain.unknown', { word })];
  if (near.length > 0) problems.push(tell('failure.similar', { similar: { list: near } }));
  throw new TareError({ code: 'bad-input', problems });
}
