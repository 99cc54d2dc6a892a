/** The one place where an error of dockerode becomes one of ours: by status and system code, never by message text. */
import { isAbort, TareError } from '../errors';

interface EngineError extends Error {
  statusCode?: number;
  json?: { message?: string } | Buffer;
  reason?: string;
  code?: string;
}

/** HTTP status that the engine answered with; undefined when it did not answer at all. */
export const statusOf = (error: unknown): number | undefined =>
  (error as EngineError | undefined)?.statusCode;

/** The engine's own words for why it refused, or the system's code for why it was not reached. */
export function reasonOf(error: unknown): string {
  const { json, reason, code, message, statusCode } = error as EngineError;
  if (json && !Buffer.isBuffer(json) && json.message) return json.message;
  if (statusCode === undefined) return code ?? message ?? String(error);
  // Of an answer that was to be a stream, docker-modem keeps the engine's words only behind a prefix of its own.
  const prefix = `(HTTP code ${statusCode}) ${reason ?? 'unexpected'} - `;
  return message.startsWith(prefix) ? message.slice(prefix.length).trim() : (reason ?? message);
}

/** What to throw for `error`, which came up while the engine was asked for `operation`. */
export function refusal(operation: string, error: unknown): unknown {
  if (isAbort(error) || error instanceof TareError) return error;
  const status = statusOf(error);
  const reason = reasonOf(error);
  if (status !== undefined) {
    return new TareError({ code: 'docker-refused', operation, status, reason }, { cause: error });
  }
  const { code } = error as EngineError;
  if (code === undefined || /^ERR_(INVALID|UNESCAPED)/.test(code)) return error; // our own mistake, and shown as one
  return new TareError(
    { code: 'docker-unreachable', tried: [{ source: operation, endpoint: '', reason }] },
    { cause: error },
  );
}

/**
 * Awaits an answer of the engine.
 * @throws {TareError} `docker-refused` with the engine's reason · `docker-unreachable`; AbortError when aborted
 */
export async function asking<T>(operation: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw refusal(operation, error);
  }
}
