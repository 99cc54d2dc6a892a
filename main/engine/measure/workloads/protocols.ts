/** Pure: what servers say first in the protocols of PostgreSQL and Redis, and whether that means that they are up. */

/** `good`: what was heard, as far as it does not change from start to start · `bad`: why it is not ready */
export type Hearing = { good: string } | { bad: string };

/** Undefined while too little has come to tell. */
export type Judge = (heard: Buffer) => Hearing | undefined;

const int32Bytes = 4;
const protocolVersion = 0x0003_0000;

/** Asks for a session as the user and on the database that every cluster has (PostgreSQL's documentation, "Message Formats"). */
export const startupPacket = ((): Buffer => {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0application_name\0tare\0\0');
  const head = Buffer.alloc(2 * int32Bytes);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(protocolVersion, int32Bytes);
  return Buffer.concat([head, parameters]);
})();

const cannotConnectNow = '57P03';
/** Longer than any answer to a startup packet: then it is another protocol. */
const longestMessage = 30_000;

/**
 * As libpq's PQping: a request to authenticate is a good answer, and so is every refusal with an SQLSTATE (wrong password, no such
 * database, too many sessions) but the one that says that the server is starting, stopping or recovering.
 */
export const judgePostgresql: Judge = (heard) => {
  if (heard.length < 1 + int32Bytes) return undefined;
  const kind = String.fromCharCode(heard[0]!);
  const end = 1 + heard.readUInt32BE(1);
  if (!'RE'.includes(kind) || end > longestMessage) return { bad: said(heard) };
  if (heard.length < end) return undefined;
  const content = heard.subarray(1 + int32Bytes, end);
  if (kind === 'R')
    return content.length < int32Bytes ? { bad: said(heard) } : { good: `R${content.readInt32BE(0)}` };
  const fields = content.toString('latin1').split('\0');
  const state = fields.find((field) => field.startsWith('C'))?.slice(1);
  if (state?.length !== 5) return { bad: said(heard) };
  return state === cannotConnectNow ? { bad: `SQLSTATE ${state}` } : { good: `E${state}` };
};

/** One command without arguments, as a person would type it: servers of every version take it. */
export const ping = 'PING\r\n';
const longestLine = 1024;

/** A server that wants a password first has come up, like one that answers; one that loads its data (`-LOADING`) has not. */
export const judgeRedis: Judge = (heard) => {
  const end = heard.indexOf('\r\n');
  if (end < 0) return heard.length > longestLine ? { bad: said(heard) } : undefined;
  const line = heard.subarray(0, end).toString('latin1');
  return /^(\+PONG$|-NOAUTH\b|-NOPERM\b)/.test(line) ? { good: line.split(' ')[0]! } : { bad: said(heard) };
};

const longestQuote = 80;
/** The beginning of what was heard, for a failure. */
export const said = (heard: Buffer): string =>
  `said ${JSON.stringify(heard.subarray(0, longestQuote).toString('latin1'))}`;
