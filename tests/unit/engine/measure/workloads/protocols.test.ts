import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  judgePostgresql,
  judgeRedis,
  startupPacket,
  type Hearing,
  type Judge,
} from '../../../../../main/engine/measure/workloads/protocols';

const message = (kind: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeInt32BE(4 + content.length, 1);
  return Buffer.concat([head, content]);
};
const request = (method: number, more = ''): Buffer => {
  const code = Buffer.alloc(4);
  code.writeInt32BE(method);
  return message('R', Buffer.concat([code, Buffer.from(more, 'latin1')]));
};
const refusal = (state: string): Buffer =>
  message('E', Buffer.from(`SFATAL\0VFATAL\0C${state}\0Mwhatever it says\0\0`));

/** A verdict must not depend on how the network cuts an answer into pieces: nothing is said before the whole is there. */
const cutAnywhere = (judge: Judge, answer: Buffer, expected: Hearing) => {
  for (let length = 0; length < answer.length; length += 1)
    expect(judge(answer.subarray(0, length))).toBeUndefined();
  expect(judge(answer)).toEqual(expected);
};

describe('PostgreSQL', () => {
  test('is asked for a session in protocol 3.0', () => {
    expect(startupPacket.readInt32BE(0)).toBe(startupPacket.length);
    expect(startupPacket.readInt32BE(4)).toBe(196_608);
    expect(startupPacket.subarray(-2)).toEqual(Buffer.from('\0\0'));
  });

  test('is up when it asks for a password, by whatever method, or for none', () => {
    cutAnywhere(judgePostgresql, request(0), { good: 'R0' });
    cutAnywhere(judgePostgresql, request(5, 'salt'), { good: 'R5' });
    cutAnywhere(judgePostgresql, request(10, 'SCRAM-SHA-256\0\0'), { good: 'R10' });
  });

  test('is up when it refuses for a reason of its own, and not while it starts', () => {
    const state = fc.stringMatching(/^[0-9A-Z]{5}$/).filter((one) => one !== '57P03');
    fc.assert(
      fc.property(state, (one) => cutAnywhere(judgePostgresql, refusal(one), { good: `E${one}` })),
      { numRuns: 30 },
    );
    cutAnywhere(judgePostgresql, refusal('57P03'), { bad: 'SQLSTATE 57P03' });
  });

  test('is not what answers in another protocol, or without an SQLSTATE', () => {
    expect(judgePostgresql(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toHaveProperty('bad');
    expect(judgePostgresql(Buffer.from('Ecould not fork new process\n\0'))).toHaveProperty('bad');
    expect(judgePostgresql(message('E', Buffer.from('SFATAL\0\0')))).toHaveProperty('bad');
    expect(judgePostgresql(message('R', Buffer.from('ab')))).toHaveProperty('bad');
  });
});

describe('Redis', () => {
  test('is up when it answers, or wants a password first', () => {
    cutAnywhere(judgeRedis, Buffer.from('+PONG\r\n'), { good: '+PONG' });
    cutAnywhere(judgeRedis, Buffer.from('-NOAUTH Authentication required.\r\n'), { good: '-NOAUTH' });
    cutAnywhere(judgeRedis, Buffer.from('-NOPERM no permissions\r\n'), { good: '-NOPERM' });
  });

  test('is not while it loads, nor is another server', () => {
    const loading = '-LOADING Valkey is loading the dataset in memory\r\n';
    cutAnywhere(judgeRedis, Buffer.from(loading), { bad: `said ${JSON.stringify(loading)}` });
    expect(judgeRedis(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toHaveProperty('bad');
    expect(judgeRedis(Buffer.from('+PONGS\r\n'))).toHaveProperty('bad');
    expect(judgeRedis(Buffer.alloc(2000, 'x'))).toHaveProperty('bad');
  });
});

test('whatever is heard is good, bad, or not enough', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const judge of [judgePostgresql, judgeRedis]) {
        const hearing = judge(Buffer.from(bytes));
        expect(hearing === undefined || 'good' in hearing || 'bad' in hearing).toBe(true);
      }
    }),
  );
});
