import { Option, type Command } from 'commander';
import { message, type MessageKey } from '../../../contract/messages';
import type { RunId, RunSummary } from '../../../contract/run/run';
import { badInput, TareError } from '../../../engine/base/errors';
import type { Door } from '../door';
import { findRun } from '../records';

/** `tare rename`, `tare delete` and `tare restore`: what a person does with runs that are kept. */
export function addHistory(program: Command, door: Door): void {
  const say = (key: MessageKey) => message(door.locale, key);
  program
    .command('rename')
    .description(say('cli.help.rename'))
    .argument('<run>', say('cli.argument.run'))
    .argument('[name]', say('cli.argument.name'))
    .option('--note <text>', say('cli.option.note'))
    .action((word: string, name: string | undefined, options: { note?: string }) =>
      rename(door, word, { name, note: options.note }),
    );
  program
    .command('delete')
    .description(say('cli.help.delete'))
    .argument('<run...>', say('cli.argument.runs'))
    .addOption(new Option('--for-good').hideHelp()) // a Tare elsewhere, which has the run now
    .action((words: string[], { forGood = false }: { forGood?: boolean }) => remove(door, words, forGood));
  program
    .command('restore')
    .description(say('cli.help.restore'))
    .argument('[run]', say('cli.argument.deleted'))
    .action((word: string | undefined) => restore(door, word));
}

async function rename(
  door: Door,
  word: string,
  change: { name: string | undefined; note: string | undefined },
): Promise<void> {
  const { name, note } = change;
  if (name === undefined && note === undefined) throw badInput('cli.rename.nothing');
  const engine = door.engine();
  const id = await findRun(engine, word);
  const label = await engine.labelRun({
    id,
    ...(name !== undefined && { name }),
    ...(note !== undefined && { note }),
  });
  door.out.line(door.out.say('cli.rename.done', { id, name: label.name ?? '–', note: label.note ?? '–' }));
}

async function remove(door: Door, words: string[], forGood: boolean): Promise<void> {
  const engine = door.engine();
  // all are found before the first one goes: a mistyped word must not leave half of it done
  const ids: RunId[] = [];
  for (const word of words) ids.push(await findRun(engine, word));
  for (const id of new Set(ids)) {
    await engine.deleteRun({ id, ...(forGood && { forGood }) });
    door.out.line(door.out.say('cli.delete.done', { id }));
  }
}

/** Without a word it brings back the run that was deleted last. */
async function restore(door: Door, word: string | undefined): Promise<void> {
  const engine = door.engine();
  const deleted = await engine.deletedRuns({});
  const newest = deleted.toSorted((a, b) => (a.deletedAt! < b.deletedAt! ? 1 : -1))[0];
  const found: RunSummary | undefined =
    word === undefined ? newest : deleted.find(({ id, label }) => id === word || label?.name === word);
  if (!found) {
    throw word === undefined
      ? badInput('cli.restore.none')
      : new TareError({ code: 'run-unknown', id: word });
  }
  await engine.restoreRun({ id: found.id });
  door.out.line(door.out.say('cli.restore.done', { id: found.id }));
}
