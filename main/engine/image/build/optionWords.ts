/** How a build's options are told to `docker build`, `docker buildx build` and `podman build`, which have the same words for them. Pure. */
import path from 'node:path';
import type { BuildOptions, BuildSecret } from '../../../contract/work/building';

/** @param context  the folder that is built from */
export function optionWords(context: string, options: BuildOptions): string[] {
  const { dockerfile, target, buildArgs = {}, platform, secrets = [], ssh = [] } = options;
  return [
    ...(dockerfile === undefined ? [] : ['--file', path.resolve(context, dockerfile)]),
    ...(target === undefined ? [] : ['--target', target]),
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...secrets.flatMap((secret) => ['--secret', secretWords(secret)]),
    ...ssh.flatMap((agent) => ['--ssh', agent]),
  ];
}

/** `id=token,src=/home/me/token`: read as a line of CSV. */
const secretWords = ({ id, src, env }: BuildSecret): string =>
  [`id=${id}`, ...(src === undefined ? [] : [`src=${src}`]), ...(env === undefined ? [] : [`env=${env}`])]
    .map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
