import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  markReader,
  OutputTail,
  parseMark,
  traceReader,
} from '../../../../../main/engine/images/guest/protocol';

describe("the agent's lines", () => {
  it.each([
    ['init', { kind: 'init' }],
    ['exec', { kind: 'exec' }],
    // as consoles write them
    ['\rfirmware', { kind: 'firmware' }],
    ['kernel\r', { kind: 'kernel' }],
    ['refused unknown-user mallory', { kind: 'refused', reason: 'unknown-user', text: 'mallory' }],
    ['renewed', { kind: 'renewed' }],
    ['exit status 3', { kind: 'exit', exit: 'exit 3' }],
    ['exit signal 9', { kind: 'exit', exit: 'signal SIGKILL' }],
    ['exit signal 64', { kind: 'exit', exit: 'signal 64' }],
    ['waiting', { kind: 'waiting' }],
    ['0 exec', { kind: 'application', place: 0, mark: { kind: 'exec' } }],
    ['11 exit status 3', { kind: 'application', place: 11, mark: { kind: 'exit', exit: 'exit 3' } }],
    [
      '2 meminfo Anon=4 File=1',
      { kind: 'application', place: 2, mark: { kind: 'meminfo', bytes: { Anon: 4096, File: 1024 } } },
    ],
    ['exit memory', { kind: 'exit', exit: 'out of memory' }],
    [
      'meminfo MemTotal=1000 MemFree=1 Odd',
      { kind: 'meminfo', bytes: { MemTotal: 1_024_000, MemFree: 1024 } },
    ],
  ])('%j', (line, mark) => expect(parseMark(line)).toEqual(mark));

  it.each([
    '',
    "\u001b[H  Booting `Debian'",
    'initial',
    'exec now',
    '1',
    '1 hello',
    '1 2 exec',
    '123 exec',
    'renewed at',
    'exit',
    'exit status',
    'exit status x',
    'exit other 3',
    'hello',
  ])('ignores %j', (line) => expect(parseMark(line)).toBeUndefined());

  it('are the same however they are cut into chunks', () => {
    const text = 'init\nnetwork\nnoise\nexec\nmeminfo MemTotal=5\nexit status 0\n';
    const whole = markReader()(Buffer.from(text));
    expect(whole).toHaveLength(5);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const read = markReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
        const marks = edges
          .slice(1)
          .flatMap((end, index) => read(Buffer.from(text.slice(edges[index], end))));
        expect(marks).toEqual(whole);
      }),
    );
  });

  it('never throw and never grow without end, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (chunks) => {
        const read = markReader();
        for (const chunk of chunks) expect(Array.isArray(read(Buffer.from(chunk)))).toBe(true);
      }),
    );
    const read = markReader();
    for (let index = 0; index < 1000; index++) read(Buffer.alloc(1000, 'x'));
    expect(read(Buffer.from('\ninit\n'))).toEqual([{ kind: 'init' }]);
  });
});

describe('the tail of the output', () => {
  it('is the end of what was printed, of the stated length at most', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii' })),
        fc.integer({ min: 1, max: 40 }),
        (chunks, longest) => {
          fc.pre(!chunks.join('').includes('reboot'));
          const tail = new OutputTail(longest);
          for (const chunk of chunks) tail.push(Buffer.from(chunk));
          expect(tail.text()).toBe(chunks.join('').slice(-longest));
          expect(tail.text()).toBe(chunks.join('').slice(-longest));
        },
      ),
    );
  });

  it('does not begin in the middle of a character', () => {
    const tail = new OutputTail(4);
    tail.push(Buffer.from('毛重净'));
    expect(tail.text()).toBe('净');
  });

  it("leaves the kernel's farewell out, also behind an unfinished line", () => {
    const tail = new OutputTail();
    tail.push(Buffer.from('done\nend[    2.117630] reboot: Restarting system\r\n'));
    expect(tail.text()).toBe('done\nend');
  });

  it('keeps what only looks like it', () => {
    const tail = new OutputTail();
    tail.push(Buffer.from('[    2.1] reboot: soon\nmore\n'));
    expect(tail.text()).toBe('[    2.1] reboot: soon\nmore\n');
  });
});

describe("QEMU's standard error", () => {
  const trace = [
    "fw_cfg_select 0x5635267d32e0 key 0x0000 'signature', ret: 1",
    "4711@1700000000.123456:fw_cfg_select 0x5635267d32e0 key 0x0010 'kernel_entry', ret: 1",
  ];
  const text = `${trace[0]}\nqemu: something is wrong\n${trace[1]}\nlast words`;

  it('is complaints and requests of the firmware, told apart however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const read = traceReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
        const parts = edges.slice(1).map((end, index) => read(Buffer.from(text.slice(edges[index], end))));
        expect(parts.reduce((sum, { requests }) => sum + requests, 0)).toBe(2);
        expect(parts.map(({ rest }) => rest).join('')).toBe('qemu: something is wrong\nlast words');
      }),
    );
  });
});
