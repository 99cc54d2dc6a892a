/** How a container ended, and the last of what it printed. */
import type Docker from 'dockerode';
import { exitText } from '../../../base/process/exit';
import type { Ending } from '../target';

const longestOutput = 64 * 1024;

export const exitOf = ({
  ExitCode: code,
  OOMKilled: oom,
}: {
  ExitCode: number;
  OOMKilled: boolean;
}): string => (oom ? 'out of memory' : exitText(code));

/** Reads how a container ended. Never rejects: what cannot be read is told instead. */
export async function endingOf(container: Docker.Container): Promise<Ending> {
  const [exit, output] = await Promise.all([
    container.inspect().then(
      ({ State }) => exitOf(State),
      () => 'removed',
    ),
    outputOf(container),
  ]);
  return { exit, output };
}

/** The last 64 KiB of both outputs in the order in which they came; empty when the log cannot be read. */
export async function outputOf(container: Docker.Container): Promise<string> {
  try {
    const log = await container.logs({ stdout: true, stderr: true, tail: 500 });
    return demultiplex(log).subarray(-longestOutput).toString();
  } catch {
    return ''; // no log driver that can be read, or the container is gone
  }
}

/** Takes away the eight bytes before each piece: which output it is of, three zeros, and its length. */
export function demultiplex(log: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces);
}
