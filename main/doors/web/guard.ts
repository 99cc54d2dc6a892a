import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { CallName } from '../../contract/calls';

/** What a stranger on the network may not do even with the token: start, stop, write or remove anything. */
const reading: readonly CallName[] = ['runs', 'run', 'samples', 'presets', 'doctor'];

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

export const makeToken = (): string => randomBytes(24).toString('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Why a request was turned away, with its HTTP status. */
interface Refusal {
  status: 401 | 403 | 421;
  reason: string;
}

/** Who may talk to the local server. */
export interface Guard {
  /** for every request: is it addressed to us by our own name, and not sent by another site's page? */
  address(headers: IncomingHttpHeaders): Refusal | undefined;
  /** for calls and events: does it carry the token? */
  token(headers: IncomingHttpHeaders): Refusal | undefined;
  /** beyond loopback the page can look and not touch */
  allows(call: string): boolean;
}

/**
 * A name that resolves to 127.0.0.1 lets any web site reach a local port (DNS rebinding), so the Host header must be one
 * that a person can have typed for us; and a page of another origin must not even be answered.
 * @param names  host names, without port, under which this server is reached besides loopback
 */
export function guard(options: {
  token: string;
  bound: string;
  port: number;
  names?: readonly string[];
}): Guard {
  const local = isLoopback(options.bound);
  const names = local
    ? ['127.0.0.1', 'localhost', '[::1]']
    : [bracketed(options.bound), ...(options.names ?? []).map(bracketed)];
  const hosts = new Set(names.map((name) => `${name.toLowerCase()}:${options.port}`));
  const expected = digest(options.token);

  return {
    address(headers) {
      const host = headers.host?.toLowerCase() ?? '';
      if (!hosts.has(host)) return { status: 421, reason: 'this is not a name of this server' };
      const { origin } = headers;
      if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) {
        return { status: 403, reason: 'asked by the page of another site' };
      }
      const site = headers['sec-fetch-site'];
      if (site !== undefined && site !== 'same-origin' && site !== 'none') {
        return { status: 403, reason: 'asked by the page of another site' };
      }
      return undefined;
    },
    token(headers) {
      const given = headers['x-tare-token'];
      // digests have one length, so the comparison takes the same time whatever was sent
      const right = timingSafeEqual(digest(typeof given === 'string' ? given : ''), expected);
      return right ? undefined : { status: 401, reason: 'the token is missing or wrong' };
    },
    allows: (call) => local || (reading as readonly string[]).includes(call),
  };
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
