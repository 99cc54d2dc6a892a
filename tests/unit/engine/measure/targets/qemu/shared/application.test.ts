import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../../../../../main/engine/measure/targets/qemu/machine/machine';
import {
  Application,
  applicationMemory,
} from '../../../../../../../main/engine/measure/targets/qemu/shared/application';
import { linesOf } from '../../../../../../../main/engine/measure/targets/qemu/shared/machine';
import type { GuestMark } from '../../../../../../../main/engine/images/guest/protocol';

const kibibyte = 1024;

/** A guest that answers what it is told by what `answers` says. */
function guest(answers: (command: string) => GuestMark[]) {
  const told: string[] = [];
  let end: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (end = resolve));
  const machine = {
    gone,
    output: () => 'of the machine',
    tell(command: string) {
      told.push(command);
      for (const mark of answers(command)) application.hear(mark, 5);
    },
  } as unknown as Machine;
  const application = new Application(3, machine);
  return { application, told, end };
}

const signal = new AbortController().signal;

describe('an application in a machine of several', () => {
  it('has started when the guest has executed it, and its phases are the guest’s', async () => {
    const { application, told } = guest(() => [{ kind: 'network' }, { kind: 'exec' }]);
    const phases: [string, number | undefined][] = [];
    await application.start((name, atMs) => phases.push([name, atMs]), signal);
    expect(told).toEqual(['3 start']);
    expect(phases).toEqual([
      ['network', 5],
      ['exec', 5],
    ]);
  });

  it.each([
    [
      'it is refused',
      [{ kind: 'refused', reason: 'no-such-command', text: '/run' }] as GuestMark[],
      { code: 'guest-refused', reason: 'no-such-command: /run' },
    ],
    [
      'it ends first',
      [{ kind: 'exit', exit: 'exit 3' }] as GuestMark[],
      { code: 'ended-early', exit: 'exit 3' },
    ],
  ])('has not started where %s', async (_, marks, failure) => {
    const { application } = guest(() => marks);
    await expect(application.start(() => undefined, signal)).rejects.toMatchObject({ failure });
  });

  it('has ended where its machine has', async () => {
    const { application, end } = guest(() => []);
    const starting = application.start(() => undefined, signal);
    end();
    await expect(starting).rejects.toMatchObject({
      failure: { code: 'ended-early', exit: 'QEMU ended', output: 'of the machine' },
    });
    expect(await application.ended).toMatchObject({ exit: 'QEMU ended' });
  });

  it('is given up where somebody stops', async () => {
    const { application } = guest(() => []);
    const stop = new AbortController();
    const starting = application.start(() => undefined, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(starting).rejects.toThrow('stopped');
    await expect(application.start(() => undefined, stop.signal)).rejects.toThrow('stopped');
  });

  it('tells its end with what it printed, unless it was asked to end', async () => {
    const ended = guest(() => []);
    ended.application.print('last words');
    ended.application.hear({ kind: 'exit', exit: 'exit 1' }, 0);
    expect(await ended.application.ended).toEqual({ exit: 'exit 1', output: 'last words\n' });
    expect(await ended.application.stop()).toBe('by-itself');
    expect(ended.told).toEqual([]);

    const stopped = guest(() => [{ kind: 'exit', exit: 'exit 0' }]);
    let isTold = false;
    void stopped.application.ended.then(() => (isTold = true));
    expect(await stopped.application.stop()).toBe('polite');
    await stopped.application.over;
    expect(stopped.told).toEqual(['3 poweroff']);
    expect(isTold).toBe(false);
  });

  it('is asked for its charges', async () => {
    const { application, told } = guest(() => [{ kind: 'meminfo', bytes: { Anon: 1 } }]);
    expect(await application.charges()).toEqual({ Anon: 1 });
    expect(told).toEqual(['3 meminfo']);
  });
});

describe('the memory of an application', () => {
  it('is all that its control group is charged with', () => {
    const charges = { Anon: 100 * kibibyte, File: 50 * kibibyte, Shmem: 20 * kibibyte, Kernel: 7 * kibibyte };
    expect(applicationMemory(charges, 9)).toEqual({
      reservedBytes: 9,
      guestUsedBytes: 157 * kibibyte,
      inside: [
        { part: 'guest-application', bytes: 120 * kibibyte },
        { part: 'guest-cache', bytes: 30 * kibibyte },
        { part: 'guest-kernel', bytes: 7 * kibibyte },
      ],
      parts: [],
      missing: [],
    });
  });

  it.each([undefined, { Anon: 1, File: 1, Shmem: 1 }])('is missing where a part of it is: %j', (charges) =>
    expect(applicationMemory(charges, 9)).toEqual({
      reservedBytes: 9,
      parts: [],
      missing: [{ what: 'guest', reason: 'the-guest-did-not-answer' }],
    }),
  );
});

describe('what several applications print', () => {
  const text = '0 one\n[ 1.0] the kernel\n11 zwölf\r\n0 \n0 0 two\n7 unfinished';

  it('is told apart, and what the kernel says is nobody’s', () => {
    const lines: [number, string][] = [];
    linesOf((place, line) => lines.push([place, line]))(Buffer.from(text));
    expect(lines).toEqual([
      [0, 'one'],
      [11, 'zwölf'],
      [0, ''],
      [0, '0 two'],
    ]);
  });

  it('is the same however it is cut into chunks', () => {
    const lines: [number, string][] = [];
    const hear = linesOf((place, line) => lines.push([place, line]));
    for (const byte of Buffer.from(text)) hear(Buffer.from([byte]));
    expect(lines).toHaveLength(4);
    expect(lines[1]).toEqual([11, 'zwölf']);
  });
});
