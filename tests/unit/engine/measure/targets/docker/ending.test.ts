import type Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { demultiplex, endingOf, exitOf } from '../../../../../../main/engine/measure/targets/docker/ending';

describe('an ending', () => {
  test.each([
    [{ ExitCode: 3, OOMKilled: false }, 'exit 3'],
    [{ ExitCode: 0, OOMKilled: false }, 'exit 0'],
    [{ ExitCode: 137, OOMKilled: false }, 'signal SIGKILL'],
    [{ ExitCode: 137, OOMKilled: true }, 'out of memory'],
    [{ ExitCode: 139, OOMKilled: false }, 'signal SIGSEGV'],
    [{ ExitCode: 255, OOMKilled: false }, 'exit 255'],
  ])('%j is worded %s', (state, exit) => expect(exitOf(state)).toBe(exit));

  test('keeps both outputs in their order, and a torn piece as far as it goes', () => {
    const piece = (output: number, text: string, length = Buffer.byteLength(text)) => {
      const head = Buffer.alloc(8);
      head[0] = output;
      head.writeUInt32BE(length, 4);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    const log = Buffer.concat([piece(1, 'one\n'), piece(2, '二\n'), piece(1, 'three', 50)]);
    expect(demultiplex(log).toString()).toBe('one\n二\nthree');
    expect(demultiplex(Buffer.alloc(0)).toString()).toBe('');
    expect(demultiplex(log.subarray(0, 5)).toString()).toBe('');
  });
});

describe('the end of a container that had no memory left', () => {
  /** An engine that hears of it only when it is asked for the second time, or never. */
  const ended = (ExitCode: number, hears: boolean) => {
    let asked = 0;
    return {
      id: 'c0ffee',
      inspect: () => Promise.resolve({ State: { ExitCode, OOMKilled: hears && ++asked > 1 } }),
      logs: () => Promise.resolve(Buffer.alloc(0)),
    } as unknown as Docker.Container;
  };

  test.each([
    { name: 'is told by the kernel where the engine never hears of it', hears: false, kernel: true },
    { name: 'is told by an engine that hears of it late, where no kernel tells', hears: true },
  ])('$name', async ({ hears, kernel }) => {
    expect(await endingOf(ended(1, hears), () => kernel)).toEqual({ exit: 'out of memory', output: '' });
  });

  test('is not taken for that of one that failed by itself', async () => {
    expect(await endingOf(ended(1, false), () => false)).toMatchObject({ exit: 'exit 1' });
    expect(await endingOf(ended(0, false), () => true)).toMatchObject({ exit: 'exit 0' });
  });
});
