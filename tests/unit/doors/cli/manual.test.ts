import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { Command } from 'commander';
import { serveCommand } from '../../../../main/doors/cli/commands/serve';
import { Door } from '../../../../main/doors/cli/door';
import { manual } from '../../../../main/doors/cli/help/manual';
import { buildProgram } from '../../../../main/doors/cli/program';
import { fakeEngine } from '../../../support/fakes/fakeEngine';

const nowhere = { write: () => undefined };
const door = new Door([], {
  ...{ stdout: nowhere, stderr: nowhere, env: {}, cwd: '/', assetsFolder: 'assets' },
  signals: new EventEmitter(),
  createEngine: () => fakeEngine({}),
});
const program = buildProgram(door, [serveCommand('/')]);

const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
const hidden = ['tare complete', 'tare manual', 'tare image find', 'tare image load'];

test('every command stands in the manual, with all of its arguments and options, and what is hidden does not', () => {
  const text = manual(program);
  const sections = new Map(
    text
      .split(/^\.S[HS] /m)
      .map((section) => [
        section.split('\n')[0]!.replaceAll('"', '').replaceAll('\\-', '-'),
        section.replaceAll('\\-', '-'),
      ]),
  );
  const commands = all(program).filter((command) => !hidden.includes(nameOf(command)));
  expect(commands.length).toBeGreaterThan(25);
  for (const command of commands) {
    const name = nameOf(command);
    const heading = [...sections.keys()].find((key) => key === `${name} ${command.usage()}`);
    const section = sections.get(command.parent ? heading! : 'OPTIONS')!;
    expect(section, name).toBeDefined();
    for (const { flags, description, hidden: isHidden } of command.options) {
      if (isHidden) {
        expect(section, name).not.toContain(flags);
        continue;
      }
      expect(section, name).toContain(`.B ${flags}\n`);
      expect(section, name).toContain(description);
    }
    for (const argument of command.registeredArguments)
      expect(section, name).toContain(`.B ${argument.name()}\n`);
  }
  for (const name of hidden) expect([...sections.keys()].find((key) => key.startsWith(name))).toBeUndefined();
});

test('what troff would take for a request or an escape stays text', () => {
  const text = manual(program);
  const requests = new Set(text.split('\n').flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []));
  expect([...requests].sort()).toEqual(['B', 'SH', 'SS', 'TP']);
  expect(text).not.toMatch(/\\(?![-e&])/);
});
