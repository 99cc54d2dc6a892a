import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openQmp, type QmpEvent } from '../../../../../../../main/engine/measure/targets/qemu/machine/qmp';

const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 13, "minor": 0, "major": 10}, "package": ""}, "capabilities": ["oob"]}}\r\n';

type Script = (
  request: { execute: string; id: number; arguments?: unknown },
  say: (text: string) => void,
) => void;

const open: { destroy(): void }[] = [];
afterEach(() => open.splice(0).forEach((one) => one.destroy()));

/** A QEMU that says `hello` and then what the script says. */
async function fake(script: Script, hello = greeting): Promise<net.Socket> {
  const server = net.createServer((socket) => {
    open.push(socket);
    socket.on('error', () => undefined);
    const say = (text: string) => void socket.write(text);
    say(hello);
    let pending = '';
    socket.on('data', (chunk) => {
      const lines = (pending + chunk.toString()).split('\n');
      pending = lines.pop()!;
      for (const line of lines) script(JSON.parse(line) as Parameters<Script>[0], say);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  open.push(client, { destroy: () => server.close() });
  return client;
}

const obliging: Script = ({ id }, say) => say(`{"return": {}, "id": ${id}}\r\n`);
const failing = (exit: string) => ({ failure: { code: 'program-failed', program: 'qemu', exit } });

describe('the control socket', () => {
  it('greets, negotiates, and tells the version and when it greeted', async () => {
    const asked: string[] = [];
    const before = performance.now();
    const qmp = await openQmp(
      await fake((request, say) => (asked.push(request.execute), obliging(request, say))),
    );
    expect(qmp.version).toBe('10.0.13');
    expect(asked).toEqual(['qmp_capabilities']);
    expect(qmp.greetedAtMs).toBeGreaterThan(before);
    expect(qmp.greetedAtMs).toBeLessThan(performance.now());
  });

  it('pairs answers with questions by id, in whatever order and pieces they come', async () => {
    const held: string[] = [];
    const qmp = await openQmp(
      await fake(({ execute, id }, say) => {
        if (execute === 'qmp_capabilities') return say(`{"return": {}, "id": ${id}}\n`);
        held.push(`{"return": {"to": "${execute}"}, "id": ${id}}\n`);
        if (held.length < 3) return;
        const text = held.reverse().join('');
        for (let at = 0; at < text.length; at += 7) say(text.slice(at, at + 7));
      }),
    );
    const answers = await Promise.all(['a', 'b', 'c'].map((command) => qmp.execute(command)));
    expect(answers).toEqual([{ to: 'a' }, { to: 'b' }, { to: 'c' }]);
  });

  it('hands events on and does not take them for answers', async () => {
    const events: QmpEvent[] = [];
    const event = '{"timestamp": {}, "event": "SHUTDOWN", "data": {"guest": true}}\n';
    const qmp = await openQmp(await fake((request, say) => (say(event), obliging(request, say))), {
      onEvent: (one) => events.push(one),
    });
    await qmp.execute('query-status');
    expect(events).toEqual([
      { event: 'SHUTDOWN', data: { guest: true } },
      { event: 'SHUTDOWN', data: { guest: true } },
    ]);
  });

  it('rejects with what QEMU says when it refuses', async () => {
    const qmp = await openQmp(
      await fake((request, say) => {
        if (request.execute === 'qmp_capabilities') return obliging(request, say);
        say(`{"error": {"class": "CommandNotFound", "desc": "no such command"}, "id": ${request.id}}\n`);
      }),
    );
    await expect(qmp.execute('dance')).rejects.toMatchObject({
      failure: { exit: 'QMP CommandNotFound', output: 'no such command' },
    });
  });

  it('does not wait for ever: for an answer, or for a greeting', async () => {
    const deaf: Script = (request, say) => request.execute === 'qmp_capabilities' && obliging(request, say);
    const qmp = await openQmp(await fake(deaf));
    await expect(qmp.execute('quit', undefined, 30)).rejects.toMatchObject(failing('no answer'));
    await expect(openQmp(await fake(deaf, ''), { timeoutMs: 30 })).rejects.toMatchObject(
      failing('no answer'),
    );
  });

  it('an answer that comes too late harms nobody', async () => {
    const late: { id: number; say: (text: string) => void }[] = [];
    const qmp = await openQmp(
      await fake((request, say) => {
        if (request.execute === 'slow') return void late.push({ id: request.id, say });
        obliging(request, say);
      }),
    );
    await expect(qmp.execute('slow', undefined, 30)).rejects.toMatchObject(failing('no answer'));
    late[0]!.say(`{"return": "old", "id": ${late[0]!.id}}\n`);
    expect(await qmp.execute('next')).toEqual({});
  });

  it('rejects what is open when the socket closes, and everything after', async () => {
    const qmp = await openQmp(
      await fake((request, say) => {
        if (request.execute === 'quit') open[0]!.destroy();
        else obliging(request, say);
      }),
    );
    await expect(qmp.execute('quit')).rejects.toMatchObject(failing('control socket closed'));
    await expect(qmp.execute('query-status')).rejects.toMatchObject(failing('control socket closed'));
  });

  it('gives up on what is not the protocol', async () => {
    await expect(openQmp(await fake(obliging, 'SSH-2.0-OpenSSH\r\n'))).rejects.toMatchObject(
      failing('control socket closed'),
    );
  });
});
