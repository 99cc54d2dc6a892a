/** One try: a question in the application's own protocol, on a connection of its own, and what counts as a good answer. */
import { createHash } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import type { Probe } from '../../../contract/plan';
import { judgePostgresql, judgeRedis, ping, said, startupPacket, type Judge } from './protocols';

export interface Place {
  host: string;
  port: number;
}

export interface FirstAnswer {
  /** when its first byte was here, as performance.now() */
  firstByteAtMs: number;
  /** of the answer's body */
  answerSha256: string;
}

/** A try that stays silent for this long has failed. */
const longestTryMs = 10_000;
const largestAnswerBytes = 1024 * 1024;

type Ask<P> = (place: Place, probe: P, signal: AbortSignal) => Promise<FirstAnswer>;

/** How each kind of probe asks. */
const asks: { [K in Probe['kind']]: Ask<Extract<Probe, { kind: K }>> } = {
  http: askHttp,
  tcp: (place, { say, expect }, signal) => converse(place, say, containing(expect), signal),
  postgresql: (place, _, signal) => converse(place, startupPacket, judgePostgresql, signal),
  redis: (place, _, signal) => converse(place, ping, judgeRedis, signal),
};

/**
 * Asks once.
 * @throws Error with what was heard instead of a good answer: a status, a code of the system, the first words; AbortError when aborted
 */
export const ask: Ask<Probe> = (place, probe, signal) =>
  (asks[probe.kind] as Ask<Probe>)(place, probe, signal);

function askHttp(
  { host, port }: Place,
  { path }: { path: string },
  signal: AbortSignal,
): Promise<FirstAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host, port, path, agent: false, signal, timeout: longestTryMs },
      (response) => {
        const firstByteAtMs = performance.now();
        const hash = createHash('sha256');
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          hash.update(chunk);
          bytes += chunk.length;
          if (bytes > largestAnswerBytes) response.destroy(); // an endless answer is an answer
        });
        const status = response.statusCode ?? 0;
        response.on('error', reject);
        response.on('close', () => {
          if (!response.complete && bytes <= largestAnswerBytes) reject(new Error('cut short'));
          else if (status >= 400) reject(new Error(`HTTP ${status}`));
          else resolve({ answerSha256: hash.digest('hex'), firstByteAtMs });
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error('silent')));
    request.on('error', reject);
  });
}

function containing(expect: string): Judge {
  return (heard) => (heard.includes(expect, 0, 'latin1') ? { good: expect } : undefined);
}

const heardBytes = 64 * 1024;

/** Says something on a new connection and listens until `judge` knows what to make of the answer, or the other side has ended. */
function converse(
  { host, port }: Place,
  say: string | Buffer,
  judge: Judge,
  signal: AbortSignal,
): Promise<FirstAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, signal, timeout: longestTryMs });
    let heard: Buffer = Buffer.alloc(0);
    let firstByteAtMs = 0;
    socket.on('connect', () => say.length > 0 && socket.write(say));
    socket.on('data', (chunk: Buffer) => {
      firstByteAtMs ||= performance.now();
      heard = Buffer.concat([heard, chunk]).subarray(-heardBytes);
      const hearing = judge(heard);
      if (!hearing) return;
      if ('good' in hearing)
        resolve({ answerSha256: createHash('sha256').update(hearing.good).digest('hex'), firstByteAtMs });
      else reject(new Error(hearing.bad));
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy(new Error('silent')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(heard.length > 0 ? said(heard) : 'closed')));
  });
}
