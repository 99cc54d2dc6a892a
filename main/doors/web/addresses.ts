import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Certificate } from './certificate';
import { isLoopback, pageAt } from './guard';

/** Where a server is reached. */
interface Addresses {
  /** the names and addresses it answers to */
  names: string[];
  /** those that a person is told, each of them answered to */
  shown: string[];
}

const everywhere = (bound: string): boolean => bound === '0.0.0.0' || bound === '::';

/** Of this computer, as far as others can use them: one that holds on one link only needs more than a browser can be told. */
function realAddresses(bound: string): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all
    .filter(({ family }) => bound === '::' || family === 'IPv4')
    .filter(({ address }) => !address.startsWith('fe80:'))
    .sort((a, b) => Number(a.internal) - Number(b.internal))
    .map(({ address }) => address);
}

/**
 * @param asked  what was to be listened on: a name or an address
 * @param bound  the address that it came to
 */
export function addressesOf(asked: string, bound: string, certificate?: Certificate): Addresses {
  const all = everywhere(bound);
  const own = all
    ? [...realAddresses(bound), hostname(), 'localhost']
    : isLoopback(bound)
      ? [asked, bound, '127.0.0.1', 'localhost', '::1']
      : [asked, bound];
  // a name in the certificate is this server's whatever resolves it; localhost leads here only from here
  const certified = (certificate?.names ?? []).filter(
    (name) => all || isLoopback(bound) || !isLoopback(name),
  );
  const names = [...new Set([...own, ...certified].map(withoutZone))].filter(isAddressable);
  const candidates = all ? realAddresses(bound) : [withoutZone(asked)];
  const valid = certificate
    ? [...new Set([...candidates, ...certified])].filter((name) => certificate.covers(name))
    : [];
  return { names, shown: valid.length > 0 ? valid : candidates };
}

/** The network card that an address of IPv6 belongs to is known to this computer alone. */
const withoutZone = (name: string): string => (isIP(name) === 6 ? name.replace(/%.*/, '') : name);

const isAddressable = (name: string): boolean => {
  try {
    pageAt('http', name, 1);
    return true;
  } catch {
    return false;
  }
};
