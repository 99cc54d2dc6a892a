/** Hosts: the computers that a plan is run on, by the names and addresses that a person gives them. */
import { z } from 'zod';
import type { Problem } from '../messages';

/** This computer among the hosts of a run. */
export const thisHost = 'local';

const longestName = 63;
/** What Windows takes for a device, in any folder and with any ending. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What a host is called: in lines, in records, and as the folder that its files lie in, on any system. */
export const HostName = z
  .string()
  .max(longestName)
  .regex(/^[A-Za-z0-9]([\w.-]*[\w-])?$/, 'not-a-host-name' satisfies Problem)
  .refine((name) => !device.test(name), 'not-a-host-name' satisfies Problem);
export type HostName = z.infer<typeof HostName>;

/** What a host may be called that is called so elsewhere, with `end` at the end of it. Empty where nothing of that can be a name. */
export function hostNameOf(text: string, end = ''): string {
  const name =
    text
      .replace(/[^\w.-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, longestName - end.length)
      .replace(/\.+$/, '') + end;
  return HostName.safeParse(name).success ? name : '';
}

/** How a host is reached. */
export const HostWay = z.enum(['local', 'ssh', 'swarm']);
export type HostWay = z.infer<typeof HostWay>;

/** How far a host of a run is; the last three are its ends. */
export const HostStage = z.enum([
  ...(['connecting', 'checking', 'sending-images', 'measuring', 'coming-home'] as const),
  ...(['ok', 'failed', 'stopped'] as const),
]);
export type HostStage = z.infer<typeof HostStage>;

/** An address, taken apart. */
export type Place =
  | { way: 'local' }
  /** `host` is a name, an alias of the person's own ssh configuration, or an address; in no brackets */
  | { way: 'ssh'; host: string; user?: string; port?: number };

const longestHost = 253;
/** None of its parts begins with a hyphen, so that no program takes one for an option; and no part says anything to a shell. */
const sshAddress =
  /^ssh:\/\/(?:(?<user>[A-Za-z0-9_][\w.-]*)@)?(?:\[(?<six>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?<host>[A-Za-z0-9_][\w.-]*))(?::(?<port>\d{1,5}))?\/?$/;

/** Undefined for what is no address: a password in it, for one, is none. */
export function placeOf(address: string): Place | undefined {
  if (address === thisHost) return { way: 'local' };
  const { user, six, host = six, port } = sshAddress.exec(address)?.groups ?? {};
  if (host === undefined || host.length > longestHost || (user?.length ?? 0) > 64) return undefined;
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (number < 1 || number > 65535)) return undefined;
  return {
    way: 'ssh',
    host,
    ...(user !== undefined && { user }),
    ...(number !== undefined && { port: number }),
  };
}

/** `local`, or `ssh://[user@]host[:port]`. */
export const HostAddress = z
  .string()
  .max(400)
  .refine((text) => placeOf(text) !== undefined, 'not-a-host-address' satisfies Problem);

/**
 * Tare's program on a host, where it is neither found as `tare` nor was put there by Tare. Of characters that no shell takes for
 * anything but themselves.
 */
export const HostProgram = z
  .string()
  .max(1000)
  .regex(/^(~\/|\/)[\w./+,:@-]+$/, 'not-a-host-program' satisfies Problem);

/** A host as a person names it. */
export const Host = z.strictObject({
  name: HostName,
  address: HostAddress,
  /** absent: looked for there */
  program: HostProgram.optional(),
});
export type Host = z.infer<typeof Host>;

/** A host that is another computer: this one needs not be kept, and its name stands for nothing else. */
export const OtherHost = Host.refine(
  ({ name, address }) => name.toLowerCase() !== thisHost && placeOf(address)?.way !== 'local',
  'host-is-this' satisfies Problem,
);

/** A host as it is asked for: `local`, one that is kept by its name, or all of it. */
export const ChosenHost = z.union([HostName, Host]);
export type ChosenHost = z.infer<typeof ChosenHost>;

/** More would be a cluster engine's work. */
export const mostHosts = 1000;

const named = (host: ChosenHost): string => (typeof host === 'string' ? host : host.name).toLowerCase();
const eachOnce = (hosts: readonly ChosenHost[]): boolean => new Set(hosts.map(named)).size === hosts.length;
const twice = { message: 'host-named-twice' satisfies Problem };

/** The hosts of one run: no two of one name, since files are called after it. */
export const Hosts = z.array(Host).min(1).max(mostHosts).refine(eachOnce, twice);
/** The same as they are asked for. */
export const ChosenHosts = z.array(ChosenHost).min(1).max(mostHosts).refine(eachOnce, twice);

/** A file of hosts, as people write it; who has no name is called after the address. */
export const HostsFile = z.strictObject({
  hosts: z
    .array(Host.partial({ name: true }))
    .min(1)
    .max(mostHosts),
});

/** What a host is called that nobody has named: after its address. Empty where nothing of that can be a name. */
export function nameOfAddress(address: string): string {
  const place = placeOf(address);
  if (!place || place.way === 'local') return thisHost;
  return hostNameOf(place.host, place.port === undefined ? '' : `-${place.port}`);
}

/** An address, or what ssh says of one, as it is handed on: it does not say who somebody is there. */
export const withoutUser = (text: string): string => text.replace(/(^|\s|:\/\/)[^\s@/]+@(?=\S)/g, '$1');
