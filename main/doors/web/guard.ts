import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { CallName } from '../../contract/calls';
import { guardedSettings } from '../../contract/settings';

/** What a stranger on the network may not do even with the token: start, stop, write or remove anything. */
const reading: readonly CallName[] = [
  'deletedRuns',
  'settings',
  'compare',
  'runs',
  'run',
  'samples',
  'presets',
  'doctor',
  'renderRun',
  'renderChart',
  'readRun',
];

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
  /** why a call with this input is not carried out for a page in a browser; undefined when it is */
  refusal(call: string, input: unknown): string | undefined;
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
    refusal(call, input) {
      if (!local && !(reading as readonly string[]).includes(call))
        return 'this page is read-only: it is served beyond this machine';
      const named = typeof input === 'object' && input !== null ? input : {};
      // whoever holds the token may measure, but must not point Tare at another program, engine or folder
      if (call === 'changeSettings' && guardedSettings.some((name) => Object.hasOwn(named, name)))
        return 'a page in a browser may not set programs, endpoints or folders: change them in the window, or in the settings file';
      // a run by its path would let a stranger look for files
      if (!local && call === 'compare' && Object.values(named).some((run) => hasPath(run)))
        return 'this page is served beyond this machine: it compares only runs that are kept here';
      return undefined;
    },
  };
}

const hasPath = (run: unknown): boolean => typeof run === 'object' && run !== null && 'path' in run;

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
