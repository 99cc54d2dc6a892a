/** Which version of Docker's API is spoken with an engine. */
import { TareError } from '../errors';

/**
 * The newest version that tests have seen an engine answer in (`tests/fixtures/engine`). A newer one may drop a field that is read here:
 * an engine speaks the version that it is asked for, so that it is asked for this one.
 */
export const newestApiVersion = '1.54';

const numbersOf = (version: string): number[] => version.split('.').map(Number);

/** Versions are two numbers: 1.9 comes before 1.44. */
export function isOlder(one: string, other: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [numbersOf(one), numbersOf(other)];
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

/**
 * The lower of the engine's newest and {@link newestApiVersion}.
 * @returns undefined where the engine does not tell its own: then none is asked for
 * @throws {TareError} `docker-api-too-new` when the engine refuses all that are known here
 */
export function chooseApiVersion(
  endpoint: string,
  told: { ApiVersion?: string; MinAPIVersion?: string },
): string | undefined {
  const { ApiVersion: newest, MinAPIVersion: oldest } = told;
  if (!newest || !/^\d+\.\d+$/.test(newest)) return undefined;
  if (oldest && isOlder(newestApiVersion, oldest))
    throw new TareError({ code: 'docker-api-too-new', endpoint, oldest, known: newestApiVersion });
  return isOlder(newest, newestApiVersion) ? newest : newestApiVersion;
}
