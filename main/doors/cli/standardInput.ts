import type { Readable } from 'node:stream';
import { silentAfterMs } from '../../contract/run/stream';

/** A plan that came on standard input. */
export interface GivenPlan {
  text: string;
  /**
   * of a plan on one line: whoever gave it stays at the other end. Resolves once that is over: the input ends, or after an empty line, which
   * says that somebody is there, no other one comes for a minute, as when a cable is pulled
   */
  left?: Promise<void>;
}

/**
 * Reads a plan.
 * @param attaches  a first line that is a JSON object is the plan, and what gave it is waited for; otherwise all of the input is
 * @throws a system error: `EFBIG` where it is larger than it may be
 */
export function givenPlan(
  input: Readable,
  { attaches, mostBytes }: { attaches: boolean; mostBytes: number },
): Promise<GivenPlan> {
  let text = '';
  let isAttached = false;
  let silence: NodeJS.Timeout | undefined;
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  return new Promise((resolve, reject) => {
    input.setEncoding('utf8');
    input.on('data', (chunk: string) => {
      if (isAttached) {
        clearTimeout(silence);
        silence = setTimeout(leave, silentAfterMs).unref();
        return;
      }
      const isFirstLine = !text.includes('\n');
      text += chunk;
      if (text.length > mostBytes) reject(Object.assign(new Error('EFBIG'), { code: 'EFBIG' }));
      const end = text.indexOf('\n');
      isAttached = attaches && isFirstLine && end >= 0 && isObject(text.slice(0, end));
      if (isAttached) resolve({ text: text.slice(0, end), left });
    });
    input.once('error', reject);
    input.once('end', () => {
      leave();
      resolve({ text });
    });
  });
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
