/** Hosts as they are named on a command line, or in a file. */
import path from 'node:path';
import { YAMLParseError } from 'yaml';
import { ChosenHosts, HostsFile, nameOfAddress, type ChosenHost } from '../../../contract/fleet/host';
import { TareError } from '../../../engine/base/errors';
import { foreignText } from '../../../engine/base/foreignText';
import { BeyondPlans, parsePlanText } from '../planText';
import { parsed } from '../../problems';

export interface HostOptions {
  /** `local`, the name of a kept one, an address, or `NAME=ADDRESS` */
  host?: string[];
  /** a file of hosts */
  hosts?: string;
}

/** A thousand hosts take some 100 kB. */
const mostBytes = 1024 * 1024;

/**
 * The hosts that a command line asks for; undefined where it asks for none.
 * @throws {TareError} `bad-input` · `hosts-unreadable`
 */
export async function chosenHosts(
  { host, hosts }: HostOptions,
  cwd: string,
): Promise<ChosenHost[] | undefined> {
  if (!host && hosts === undefined) return undefined;
  const filed = hosts === undefined ? [] : await readHosts(path.resolve(cwd, hosts));
  return parsed(ChosenHosts, [...(host ?? []).map(hostOf), ...filed]);
}

/** One that is named on the command line. @throws {TareError} `bad-input` */
export const chosenHost = (text: string): ChosenHost => parsed(ChosenHosts, [hostOf(text)])[0]!;

/** What has an address is that; a word alone is a name. */
function hostOf(text: string): ChosenHost {
  const [, name, address] = /^(?:([^=/]*)=)?(ssh:\/\/.*)$/s.exec(text) ?? [];
  return address === undefined ? text : { name: name ?? nameOfAddress(address), address };
}

async function readHosts(file: string): Promise<unknown[]> {
  const written = await foreignText(file, { bytes: mostBytes, pipes: true })
    .then(parsePlanText)
    .catch((error: unknown) => {
      throw new TareError({ code: 'hosts-unreadable', path: file, reason: reasonOf(error) });
    });
  return parsed(HostsFile, written).hosts.map((host) => ({
    ...host,
    name: host.name ?? nameOfAddress(host.address),
  }));
}

const reasonOf = (error: unknown): string =>
  error instanceof YAMLParseError
    ? error.message.split('\n')[0]!.slice(0, 300)
    : error instanceof BeyondPlans
      ? 'beyond-bounds'
      : ((error as NodeJS.ErrnoException).code ?? String(error));
