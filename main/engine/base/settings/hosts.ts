/** The hosts that a person keeps: `hosts.json` in the configuration folder, which has the form of any file of hosts. */
import { z } from 'zod';
import { Hosts, thisHost, type ChosenHost, type Host } from '../../../contract/fleet/host';
import type { Engine } from '../../engine';
import { TareError } from '../errors';
import { hostsFile } from '../paths';
import { readConfiguration, writeConfiguration } from './file';

const Kept = z.strictObject({ hosts: z.union([Hosts, z.tuple([])]) });

/** @throws {TareError} `settings-invalid` */
const keptHosts = (folder: string): Host[] => readConfiguration(hostsFile(folder), Kept)?.hosts ?? [];

/**
 * Hosts as they were asked for: by name those that are kept.
 * @param folder  the configuration folder
 * @throws {TareError} `host-unknown` · `settings-invalid`
 */
export function chosenHosts(folder: string, chosen: readonly ChosenHost[]): Host[] {
  const kept = [{ name: thisHost, address: thisHost }, ...keptHosts(folder)];
  return chosen.map((one) => {
    if (typeof one !== 'string') return one;
    const found = kept.find(({ name }) => name.toLowerCase() === one.toLowerCase());
    if (!found) throw new TareError({ code: 'host-unknown', name: one, known: kept.map(({ name }) => name) });
    return found;
  });
}

/** @param folder  the configuration folder */
export function hostCalls(folder: string): Pick<Engine, 'hosts' | 'addHost' | 'removeHost'> {
  const without = (name: string): Host[] =>
    keptHosts(folder).filter((host) => host.name.toLowerCase() !== name.toLowerCase());
  const keep = async (hosts: Host[]): Promise<Host[]> => {
    await writeConfiguration(hostsFile(folder), Kept, { hosts });
    return hosts;
  };
  return {
    hosts: () => Promise.resolve(keptHosts(folder)),
    addHost: (host) => keep([...without(host.name), host]),
    removeHost: ({ name }) => keep(without(name)),
  };
}
