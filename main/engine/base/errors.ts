import type { PlainFact } from '../../contract/facts';
import type { Failure } from '../../contract/failures';
import { tell, type MessageKey } from '../../contract/messages';

/** An expected failure. Anything else that is thrown is a bug and is reported as one. */
export class TareError extends Error {
  override readonly name = 'TareError';
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(`${failure.code} ${JSON.stringify(failure)}`, options); // for logs; people read the translated message
  }
}

/** An input that is refused for one reason. */
export const badInput = (key: MessageKey, facts?: Record<string, PlainFact>): TareError =>
  new TareError({ code: 'bad-input', problems: [tell(key, facts)] });

export const isAbort = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' || (error as { code?: string }).code === 'ABORT_ERR');

/** Nothing can be written there, whoever asks. */
const unwritable = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);
/** This user may not do it there. */
const forbidden = new Set(['EACCES', 'EPERM']);
const makers = new Set([
  'mkdir',
  'mkdtemp',
  'rename',
  'unlink',
  'rmdir',
  'rm',
  'symlink',
  'copyfile',
  'chmod',
  'write',
]);

/** Any thrown thing as data. */
export function toFailure(error: unknown): Failure {
  if (error instanceof TareError) return error.failure;
  if (isAbort(error)) return { code: 'stopped' };
  const { code = '', path = '', syscall = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (unwritable.has(code) || (forbidden.has(code) && makers.has(syscall)))
    return { code: 'write-failed', path, reason: code };
  if (forbidden.has(code) && path) return { code: 'file-denied', path, reason: code };
  if (!(error instanceof Error)) return { code: 'bug', message: String(error) };
  return { code: 'bug', message: error.message, ...(error.stack && { stack: error.stack }) };
}
