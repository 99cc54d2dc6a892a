/** The engine reports pulls and builds as one JSON object per line, cut anywhere by the network. */
import { StringDecoder } from 'node:string_decoder';

/** A line that is not an object is passed over: it can only be a broken-off end. */
function parse(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The objects of a stream of newline-delimited JSON, whole however the chunks were cut (also inside a character). */
export async function* objectsOf<T extends object>(
  chunks: AsyncIterable<Buffer | string>,
): AsyncGenerator<T> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.write(chunk);
    const lines = rest.split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const value = parse(line);
      if (value) yield value as T;
    }
  }
  const last = parse(rest + decoder.end());
  if (last) yield last as T;
}
