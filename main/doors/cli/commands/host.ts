/** `tare host`: other computers, kept by name; and this Tare put on one. */
import type { Command } from 'commander';
import { version } from '../../../../package.json';
import { OtherHost, type ChosenHost, type Host } from '../../../contract/fleet/host';
import type { MessageKey } from '../../../contract/messages';
import { badInput, TareError } from '../../../engine/base/errors';
import { parsed } from '../../problems';
import type { Door } from '../door';
import { chosenHost } from '../hosts/chosen';
import { grid } from '../terminal/tables';

export function addHost(program: Command, door: Door): void {
  const say = (key: MessageKey) => door.out.say(key);
  const host = program.command('host').description(say('cli.help.host'));
  host
    .command('list')
    .description(say('cli.help.host-list'))
    .option('--json', say('cli.option.json'))
    .action(async ({ json }: { json?: boolean }) => paint(door, await door.engine().hosts({}), json));
  host
    .command('add')
    .description(say('cli.help.host-add'))
    .argument('<name>', say('cli.argument.host-name'))
    .argument('<address>', say('cli.argument.host-address'))
    .option('--program <path>', say('cli.option.host-program'))
    .option('--json', say('cli.option.json'))
    .action(
      async (name: string, address: string, { program, json }: { program?: string; json?: boolean }) => {
        const kept = parsed(OtherHost, { name, address, program });
        paint(door, await door.engine().addHost(kept), json);
      },
    );
  host
    .command('remove')
    .description(say('cli.help.host-remove'))
    .argument('<name>', say('cli.argument.host-name'))
    .option('--json', say('cli.option.json'))
    .action(async (name: string, { json }: { json?: boolean }) => {
      const known = (await door.engine().hosts({})).map((one) => one.name);
      if (!known.includes(name)) throw new TareError({ code: 'host-unknown', name, known });
      paint(door, await door.engine().removeHost({ name }), json);
    });
  for (const [name, act] of [
    ['install', install],
    ['uninstall', uninstall],
  ] as const)
    host
      .command(name)
      .description(say(`cli.help.host-${name}`))
      .argument('<host>', say('cli.argument.host'))
      .option('--yes', say('cli.option.yes'))
      .action((text: string, { yes = false }: { yes?: boolean }) => act(door, text, yes));
}

function paint({ out }: Door, hosts: Host[], json = false): void {
  if (json) return out.json(hosts);
  if (hosts.length === 0) return out.paragraph(out.say('cli.host.none'));
  const head = (['name', 'address', 'program'] as const).map((column) => out.say(`cli.host.${column}`));
  const rows = hosts.map(({ name, address, program = '' }) => [name, address, program]);
  out.line(grid(out, head, rows));
}

const nameOf = (host: ChosenHost): string => (typeof host === 'string' ? host : host.name);

async function install(door: Door, text: string, yes: boolean): Promise<void> {
  const host = chosenHost(text);
  const facts = { version, host: nameOf(host) };
  if (!(await agreed(door, door.err.say('cli.host.ask-install', facts), yes))) return;
  const folder = await door.engine().installOnHost({ host, asks: door.err.isTerminal });
  door.out.paragraph(door.out.say('cli.host.installed', { ...facts, host: text, folder }));
}

async function uninstall(door: Door, text: string, yes: boolean): Promise<void> {
  const host = chosenHost(text);
  const name = nameOf(host);
  if (!(await agreed(door, door.err.say('cli.host.ask-uninstall', { host: name }), yes))) return;
  const folder = await door.engine().uninstallFromHost({ host, asks: door.err.isTerminal });
  door.out.paragraph(
    folder === ''
      ? door.out.say('cli.host.was-none', { host: name })
      : door.out.say('cli.host.uninstalled', { host: name, folder }),
  );
}

/** @throws {TareError} `bad-input` where nobody can be asked */
async function agreed(door: Door, question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  const { ask } = door.terminal;
  if (!ask) throw badInput('cli.host.needs-yes');
  return ask(`${question} [y/N]`);
}
