import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { CallName } from '../../contract/calls';
import type { Refusal, StrangeSender } from '../../contract/failures';
import { guardedSettings } from '../../contract/settings';

type Fields = Readonly<Record<string, unknown>>;

const free = () => undefined;
const onlyTried = ({ dryRun }: Fields): Refusal | undefined => (dryRun === true ? undefined : 'read-only');
const hasPath = (run: unknown): boolean => typeof run === 'object' && run !== null && 'path' in run;

/** What a stranger on the network may do with the token: read what is here. Nothing is started, stopped, written or removed. */
const readings: { readonly [N in CallName]?: (input: Fields) => Refusal | undefined } = {
  cache: free,
  deletedRuns: free,
  experience: free,
  previousRun: free,
  followRun: free,
  guestParts: free,
  history: free,
  images: free,
  presets: free,
  readRun: free,
  renderChart: free,
  run: free,
  runs: free,
  samples: free,
  settings: free,
  underWay: free,
  work: free,
  clean: onlyTried,
  removeImage: onlyTried,
  // anew, it starts a machine to see whether it is accelerated
  doctor: ({ again }) => (again ? 'starts-a-machine' : undefined),
  // paths would let a stranger look for files
  buildFolder: (input) => (hasPath(input) ? 'own-folder-only' : undefined),
  compare: (input) => (Object.values(input).flat().some(hasPath) ? 'kept-runs-only' : undefined),
  renderRun: ({ format }) => (format === 'pdf' ? 'prints-elsewhere' : undefined),
};

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
    readOnly: !local,
    address(headers) {
      const host = headers.host?.toLowerCase() ?? '';
      if (!hosts.has(host)) return { status: 421, reason: 'other-name' };
      const { origin } = headers;
      if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) {
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
    refusal(call, input) {
      const fields: Fields = typeof input === 'object' && input !== null ? (input as Fields) : {};
      if (!local) {
        const reading = Object.hasOwn(readings, call) ? readings[call as CallName] : undefined;
        return reading ? reading(fields) : 'read-only';
      }
      // whoever holds the token may measure, but must not point Tare at another program, engine or folder
      const guarded = guardedSettings.some((name) => Object.hasOwn(fields, name));
      return call === 'changeSettings' && guarded ? 'places-guarded' : undefined;
    },
  };
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
