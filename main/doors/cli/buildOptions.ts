/** How a folder is built, as a command line says it: in the words of `docker build`. */
import type { Command } from 'commander';
import path from 'node:path';
import type { InputProblem } from '../../contract/facts';
import { BuildOptions, type BuildSecret } from '../../contract/work/building';
import { tell, type MessageKey } from '../../contract/messages';
import { variableOf, withoutValue } from '../../contract/work/variables';
import { TareError } from '../../engine/base/errors';
import { parsed } from '../problems';
import { collected } from './planOptions';

/** As they were typed. Where `--target` and `--file` would be taken for something else, they are called `--build-target` and `--build-file`. */
export interface TypedBuild {
  buildTarget?: string;
  buildFile?: string;
  target?: string;
  file?: string;
  buildArg?: string[];
  platform?: string;
  secret?: string[];
  ssh?: string[];
}

/** @param isPlain  the command does nothing but build, so that Docker's own names can be used */
export const addBuilding = (command: Command, say: (key: MessageKey) => string, isPlain = false): Command =>
  command
    .option(isPlain ? '--target <stage>' : '--build-target <stage>', say('cli.option.build-target'))
    .option(isPlain ? '--file <file>' : '--build-file <file>', say('cli.option.build-file'))
    .option('--build-arg <key[=value]>', say('cli.option.build-arg'), collected)
    .option('--platform <platform>', say('cli.option.platform'))
    .option('--secret <id=name,…>', say('cli.option.secret'), collected)
    .option('--ssh <agent>', say('cli.option.ssh'), collected);

const named: readonly (readonly [keyof TypedBuild, string])[] = [
  ['buildTarget', '--build-target'],
  ['buildFile', '--build-file'],
  ['buildArg', '--build-arg'],
  ['platform', '--platform'],
  ['secret', '--secret'],
  ['ssh', '--ssh'],
];

/** The first of the options that was typed. */
export const firstBuildOption = (typed: TypedBuild): string | undefined =>
  named.find(([name]) => typed[name] !== undefined)?.[1];

/**
 * Files are meant from the folder that the command was given in, but for the Dockerfile.
 * @throws {TareError} `bad-input` with every problem at once
 */
export function readBuildOptions(typed: TypedBuild, cwd: string): BuildOptions {
  const wrong: InputProblem[] = [];
  const target = typed.buildTarget ?? typed.target;
  const dockerfile = typed.buildFile ?? typed.file;
  const args = (typed.buildArg ?? []).flatMap((text) => {
    const variable = variableOf(text);
    if (!variable) wrong.push(tell('cli.not-a-build-arg', { text: withoutValue(text) }));
    return variable ? [variable] : [];
  });
  const secrets = (typed.secret ?? []).flatMap((text) => {
    const secret = secretOf(text, cwd);
    if (!secret) wrong.push(tell('cli.not-a-secret', { text: withoutValue(text) }));
    return secret ?? [];
  });
  if (wrong.length > 0) throw new TareError({ code: 'bad-input', problems: wrong });
  return parsed(BuildOptions, {
    ...(target !== undefined && { target }),
    ...(dockerfile !== undefined && { dockerfile }),
    ...(args.length > 0 && { buildArgs: Object.fromEntries(args) }),
    ...(typed.platform !== undefined && { platform: typed.platform }),
    ...(secrets.length > 0 && { secrets }),
    ...(typed.ssh && { ssh: typed.ssh }),
  });
}

/** `id=token,src=token.txt`, `id=token,env=TOKEN` or `id=token`; undefined when it is none of them. */
function secretOf(text: string, cwd: string): BuildSecret | undefined {
  const fields = new Map<string, string>();
  for (const field of text.split(',')) {
    const at = field.indexOf('=');
    if (at < 1) return undefined;
    fields.set(field.slice(0, at), field.slice(at + 1));
  }
  const [id, env] = [fields.get('id'), fields.get('env')];
  const src = fields.get('src') ?? fields.get('source');
  const known = ['id', 'env', 'src', 'source', 'type'];
  if (id === undefined || [...fields.keys()].some((key) => !known.includes(key))) return undefined;
  return {
    id,
    ...(src !== undefined && { src: path.resolve(cwd, src) }),
    ...(env !== undefined && { env }),
  };
}
