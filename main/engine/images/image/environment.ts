import type { ImageFacts } from './facts';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What an application finds in its environment, as under Docker: what its image sets, and PATH and HOME where it does not.
 * @param home    of its account
 * @param before  what else it finds where the image does not set it
 */
export function applicationEnvironment(
  { environment }: Pick<ImageFacts, 'environment'>,
  home: string,
  before: Readonly<Record<string, string>> = {},
): Map<string, string> {
  const given = new Map([['PATH', defaultPath], ...Object.entries(before)]);
  for (const entry of environment) {
    const at = entry.indexOf('=');
    if (at > 0) given.set(entry.slice(0, at), entry.slice(at + 1));
  }
  if (!given.get('HOME')) given.set('HOME', home);
  return given;
}
