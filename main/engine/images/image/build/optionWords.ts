/** How a build's options are told to `docker build`, `docker buildx build` and `podman build`, which have the same words for them. Pure. */
import path from 'node:path';
import type { BuildOptions, BuildSecret } from '../../../../contract/work/building';
import type { GivenOptions } from './task';

/** What a builder's program, or a library in it, reads for itself: as a build's argument it would steer the program. */
const builders =
  /^(PATH|HOME|TMPDIR|SSL_.*|GO[A-Z]+|(XDG|DOCKER|BUILDX|BUILDKIT|CONTAINERS?|PODMAN|REGISTRY|COMPOSE|OTEL|SSH|LD)_.*|(HTTPS?|FTP|NO|ALL)_PROXY)$/i;

/**
 * The values of a build's arguments go in the builder's environment, which only its own user can read: every user of the computer can read
 * its words. Those that would mean something to the builder itself are among the words.
 */
export const optionEnvironment = ({ buildArgs = {} }: GivenOptions): Record<string, string> =>
  Object.fromEntries(Object.entries(buildArgs).filter(([name]) => !builders.test(name)));

/** @param context  the folder that is built from */
export const optionWords = (context: string, options: GivenOptions): string[] =>
  wordsOf(context, options, (name, value) => (builders.test(name) ? `${name}=${value}` : name));

/** The same for a person's eyes, without any value. */
export const shownWords = (context: string, options: BuildOptions): string[] =>
  wordsOf(context, options, (name) => name);

function wordsOf<Value extends string | null>(
  context: string,
  options: Omit<BuildOptions, 'buildArgs'> & { buildArgs?: Record<string, Value> | undefined },
  argument: (name: string, value: Value) => string,
): string[] {
  const { dockerfile, target, buildArgs = {}, platform, secrets = [], ssh = [] } = options;
  return [
    ...(dockerfile === undefined ? [] : ['--file', path.resolve(context, dockerfile)]),
    ...(target === undefined ? [] : ['--target', target]),
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', argument(name, value)]),
    ...secrets.flatMap((secret) => ['--secret', secretWords(secret)]),
    ...ssh.flatMap((agent) => ['--ssh', agent]),
  ];
}

/** `id=token,src=/home/me/token`: read as a line of CSV. */
const secretWords = ({ id, src, env }: BuildSecret): string =>
  [`id=${id}`, ...(src === undefined ? [] : [`src=${src}`]), ...(env === undefined ? [] : [`env=${env}`])]
    .map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
