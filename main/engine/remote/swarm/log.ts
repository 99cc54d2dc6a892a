/** What a container has written, as an engine hands it on: of a task, wherever it runs, as its manager does. */
import type Docker from 'dockerode';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { cleaned } from '../fleet/channel';
import { asking } from '../../base/docker/refusal';

const headBytes = 8;
const stderr = 2;
const longestComplaint = 16 * 1024;

/**
 * What a container has written to its standard output. The engine hands on both outputs in one stream: before each piece stand which of them
 * it is of, and its length in four bytes (the API's documentation, "Attach to a container"). Unlike docker-modem's own reader it takes no more
 * than is read of it.
 */
export class LogOutput extends Transform {
  private rest: Buffer = Buffer.alloc(0);
  private said = '';

  /** the end of its standard error, without control characters */
  get complaint(): string {
    return cleaned(this.said);
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let all = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (all.length >= headBytes) {
      const end = headBytes + all.readUInt32BE(4);
      if (all.length < end) break;
      const content = all.subarray(headBytes, end);
      if (all.readUInt8(0) !== stderr) this.push(content);
      else this.said = (this.said + content.toString('utf8')).slice(-longestComplaint);
      all = all.subarray(end);
    }
    this.rest = all;
    done();
  }
}

interface TaskLogs {
  logs(options: object): Promise<Readable>;
}

/**
 * Follows a task's log from its beginning until it has ended.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function followTask(docker: Docker, task: string, signal: AbortSignal): Promise<LogOutput> {
  const one = docker.getTask(task) as unknown as TaskLogs; // @types/dockerode does not know it
  const stream = await asking(
    'follow task',
    one.logs({ follow: true, stdout: true, stderr: true, abortSignal: signal }),
  );
  const output = new LogOutput();
  stream.on('error', (error) => output.destroy(error));
  stream.pipe(output);
  return output;
}
