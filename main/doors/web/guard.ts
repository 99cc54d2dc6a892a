import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Refusal, StrangeSender } from '../../contract/failures';
import { refusal } from '../access';

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

export const makeToken = (): string => randomBytes(24).toString('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Why a request was turned away, with its HTTP status. */
interface Rejection {
  status: 401 | 403 | 421;
  reason: StrangeSender;
}

/** Who may talk to the local server. */
export interface Guard {
  /** whether a page is answered only with what is here, and nothing is done for it */
  readonly readOnly: boolean;
  /** for every request: is it addressed to us by our own name, and not sent by another site's page? */
  address(headers: IncomingHttpHeaders): Rejection | undefined;
  /** for calls and events: does it carry the token? */
  token(headers: IncomingHttpHeaders): Rejection | undefined;
  /** why a call with this input is not carried out for a page in a browser; undefined when it is */
  refusal(call: string, input: unknown): Refusal | undefined;
}

/**
 * A name that resolves to 127.0.0.1 lets any web site reach a local port (DNS rebinding), so the Host header must be one
 * that a person can have typed for us; and a page of another origin must not even be answered.
 * @param bound   the address that is listened on: a page is only shown what is here unless it is this computer's own
 * @param secure  whether it is reached by https
 * @param names   host names and addresses, without port, under which this server is reached
 */
export function guard(options: {
  token: string;
  bound: string;
  port: number;
  secure?: boolean;
  names: readonly string[];
}): Guard {
  const local = isLoopback(options.bound);
  const scheme = options.secure ? 'https' : 'http';
  const hosts = new Set(options.names.flatMap((name) => hostsOf(scheme, name, options.port)));
  const expected = digest(options.token);

  return {
    readOnly: !local,
    address(headers) {
      const host = headers.host?.toLowerCase() ?? '';
      if (!hosts.has(host)) return { status: 421, reason: 'other-name' };
      const { origin } = headers;
      if (origin !== undefined && origin.toLowerCase() !== `${scheme}://${host}`) {
        return { status: 403, reason: 'other-site' };
      }
      const site = headers['sec-fetch-site'];
      // a link may lead here, as `tare serve --open` does from a file: that shows our page and hands out nothing
      const arrives = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
      if (site !== undefined && site !== 'same-origin' && site !== 'none' && !arrives) {
        return { status: 403, reason: 'other-site' };
      }
      return undefined;
    },
    token(headers) {
      const given = headers['x-tare-token'];
      // digests have one length, so the comparison takes the same time whatever was sent
      const right = timingSafeEqual(digest(typeof given === 'string' ? given : ''), expected);
      return right ? undefined : { status: 401, reason: 'no-token' };
    },
    refusal: (call, input) => refusal(local ? 'browser' : 'beyond', call, input),
  };
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/** Where a page at this name or address is, as a browser writes it: an address in its shortest form, without the usual port. */
export function pageAt(scheme: 'http' | 'https', name: string, port: number): URL {
  return new URL(`${scheme}://${bracketed(name)}:${port}/`);
}

/** What the Host header says of those who ask for a name: browsers leave out the usual port, some programs do not. */
function hostsOf(scheme: 'http' | 'https', name: string, port: number): string[] {
  const { hostname } = pageAt(scheme, name, port);
  return [...new Set([pageAt(scheme, name, port).host, `${hostname}:${port}`])];
}
