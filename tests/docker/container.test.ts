import { readFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Limits } from '../../main/contract/plan';
import { createContainerTarget } from '../../main/engine/measure/targets/docker/target';
import type { Instance } from '../../main/engine/measure/targets/target';
import type { ReadyWorkload } from '../../main/engine/images/image/facts';
import type { RunScope } from '../../main/engine/base/scope';
import { freePort } from '../../main/engine/base/process/ports';
import { answerOf, openSession, type Session } from './daemon';

const mib = 1024 * 1024;
const limits: Limits = { memoryBytes: 64 * mib, cpus: 1 };

let session: Session;
beforeAll(async () => {
  session = await openSession();
});
afterAll(() => session.close());

interface Started {
  instance: Instance;
  phases: string[];
}

async function start(
  ready: ReadyWorkload,
  given: Partial<Limits> = {},
  scope?: RunScope,
  onPhase: (phase: string) => void = () => undefined,
): Promise<Started> {
  const target = createContainerTarget({ docker: session.client.docker });
  const prepared = await target.prepare(ready, session.scope());
  const phases: string[] = [];
  const mark = (phase: string) => {
    phases.push(phase);
    onPhase(phase);
  };
  const instance = await prepared.start({ ...limits, ...given }, mark, scope ?? session.scope());
  return { instance, phases };
}

const containers = async () => {
  const filters = { label: [`tare.session=${session.ledger.session}`] };
  return session.client.docker.listContainers({ all: true, filters });
};
const inspectOnly = async () => session.client.docker.getContainer((await containers())[0]!.Id).inspect();

describe('the built-in web application', () => {
  test('starts, answers, is measured, and stops politely without a trace', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    const started = await start(ready);
    const { phases } = started;
    await using instance = started.instance;
    expect(phases.filter((phase) => phase !== 'network' && phase !== 'exec')).toEqual(['created', 'started']);
    // Podman tells of no network.
    const told = session.client.name === 'Podman' ? ['exec'] : ['exec', 'network'];
    await expect.poll(() => phases.filter((phase) => told.includes(phase)).sort()).toEqual(told);
    expect(await answerOf(instance)).toContain('The same image, wherever it runs.');

    const memory = await instance.measure();
    expect(memory.missing).toEqual([]);
    expect(memory.reservedBytes).toBe(64 * mib);
    // Podman publishes ports by firewall rules alone.
    const proxies = session.client.name === 'Podman' ? [] : ['proxies'];
    expect(memory.parts.map(({ part }) => part)).toEqual(['workload', 'shim', ...proxies]);
    expect(memory.hostBytes).toBe(memory.parts.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const { bytes } of memory.parts) expect(bytes).toBeGreaterThan(100_000);
    expect(memory.pssBytes).toBeGreaterThan(500_000);
    expect(memory.pssBytes).toBeLessThan(20 * mib);

    const { imageBytes, writtenBytes } = await instance.disk();
    expect(imageBytes).toBe(ready.image.approximate ? undefined : ready.image.bytes);
    // Podman counts the files of its own that it mounts over /etc, and containerd's store the blocks of the layer's folders.
    if (session.client.store === 'graphdriver') expect(writtenBytes).toBe(0);
    else expect(writtenBytes).toBeLessThan(64 * 1024);
    const { cpuMs, residentBytes } = await instance.read();
    expect(cpuMs).toBeGreaterThan(0);
    // Its shim worked too. Podman's is done before the kernel counts it any time.
    const shimMs = (await instance.cpuMs())! - cpuMs!;
    if (session.client.name === 'Podman') expect(shimMs).toBeGreaterThanOrEqual(0);
    else expect(shimMs).toBeGreaterThan(0);
    expect(residentBytes).toBeGreaterThan(100_000);

    expect(await instance.stop()).toBe('polite');
    expect(await containers()).toEqual([]);
    expect(await instance.stop()).toBe('polite');
    await instance[Symbol.asyncDispose]();
  });

  test('really gets the limits that were asked for, and no swap', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    await using instance = (await start(ready, { memoryBytes: 48 * mib, cpus: 0.5 })).instance;
    const { HostConfig, State, Config } = await inspectOnly();
    expect(HostConfig).toMatchObject({ Memory: 48 * mib, MemorySwap: 48 * mib, NanoCpus: 0.5e9 });
    expect(Config.Labels['tare.session']).toBe(session.ledger.session);
    expect((await instance.measure()).reservedBytes).toBe(48 * mib);
    const inside = /memory:(.*)|^0::(.*)/m.exec(readFileSync(`/proc/${State.Pid}/cgroup`, 'utf8'))!;
    const folder =
      inside[1] === undefined ? `/sys/fs/cgroup${inside[2]}` : `/sys/fs/cgroup/memory${inside[1]}`;
    const file = inside[1] === undefined ? 'memory.max' : 'memory.limit_in_bytes';
    expect(Number(readFileSync(`${folder}/${file}`, 'utf8'))).toBe(48 * mib);
  });

  test('is published on the loopback interface only', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    await using instance = (await start(ready)).instance;
    const { NetworkSettings } = await inspectOnly();
    expect(NetworkSettings.Ports['8080/tcp']).toEqual([
      { HostIp: '127.0.0.1', HostPort: String(instance.port) },
    ]);
  });

  test('pays for the proxy that its requests pass', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    await using instance = (await start(ready)).instance;
    await answerOf(instance);
    const spent = async () => {
      const [own, all] = [(await instance.read()).cpuMs!, (await instance.cpuMs())!];
      return { own, attending: all - own };
    };
    const before = await spent();
    for (let asked = 0; asked < 300; asked++) await answerOf(instance);
    const after = await spent();
    expect(after.own).toBeGreaterThan(before.own);
    // Podman publishes ports by firewall rules alone.
    if (session.client.name !== 'Podman')
      expect(after.attending - before.attending).toBeGreaterThanOrEqual(20);
  });
});

describe('the built-in api', () => {
  test('tells that a container shares the kernel of its host', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'api' } });
    await using instance = (await start(ready)).instance;
    const answer = JSON.parse(await answerOf(instance)) as Record<string, unknown>;
    expect(answer).toMatchObject({ application: 'api', kernel: os.release(), memoryBytes: os.totalmem() });
  });
});

describe('the built-in worker', () => {
  test('that holds 200 MB weighs 200 MB more than one that holds nothing', async () => {
    const weigh = async (megabytes: string) => {
      const environment = { HOLD_MB: megabytes };
      const ready = await session.ready({ image: { kind: 'builtin', name: 'worker' }, environment });
      await using instance = (await start(ready, { memoryBytes: 512 * mib })).instance;
      await answerOf(instance);
      const memory = await instance.measure();
      expect(memory.missing).toEqual([]);
      return memory;
    };
    const [full, empty] = [await weigh('200'), await weigh('0')];
    for (const figure of ['hostBytes', 'pssBytes', 'workingSetBytes'] as const) {
      const more = full[figure]! - empty[figure]!;
      expect(more, figure).toBeGreaterThan(190e6);
      expect(more, figure).toBeLessThan(210e6);
    }
  });

  test('answers only after it has slept as long as it was told', async () => {
    const environment = { HOLD_MB: '0', SLEEP_MS: '700' };
    const ready = await session.ready({ image: { kind: 'builtin', name: 'worker' }, environment });
    const from = performance.now();
    await using instance = (await start(ready)).instance;
    await answerOf(instance);
    expect(performance.now() - from).toBeGreaterThan(700);
  });

  test('that wants more than its limit ends out of memory, and says so', async () => {
    const environment = { HOLD_MB: '200' };
    const ready = await session.ready({ image: { kind: 'builtin', name: 'worker' }, environment });
    await using instance = (await start(ready, { memoryBytes: 32 * mib })).instance;
    expect(await instance.ended).toMatchObject({ exit: 'out of memory' });
  });
});

describe('an application that fails', () => {
  const dockerfile = (command: string) =>
    `FROM scratch\nCOPY busybox /bin/busybox\nEXPOSE 8080\nCMD ${command}\n`;

  test('surfaces its exit code and what it printed', async () => {
    const reference = await session.image(
      dockerfile('["/bin/busybox", "sh", "-c", "echo to stdout; echo 出错了 >&2; exit 3"]'),
    );
    const ready = await session.ready({ image: { kind: 'reference', reference } });
    await using instance = (await start(ready)).instance;
    const ending = await instance.ended;
    expect(ending.exit).toBe('exit 3');
    expect(ending.output.split('\n').sort()).toEqual(['', 'to stdout', '出错了']);
    expect(await instance.stop()).toBe('by-itself');
  });

  test('names the signal that killed it', async () => {
    const reference = await session.image(
      dockerfile('["/bin/busybox", "sh", "-c", "(kill -SEGV $$$$); exec /bin/busybox sh -c \\"exit 139\\""]'),
    );
    const ready = await session.ready({ image: { kind: 'reference', reference } });
    await using instance = (await start(ready)).instance;
    expect(await instance.ended).toMatchObject({ exit: 'signal SIGSEGV' });
  });

  test('is stopped by force when it does not care about being asked', async () => {
    const reference = await session.image(
      dockerfile('["/bin/busybox", "sh", "-c", "trap : TERM; while :; do /bin/busybox sleep 1; done"]'),
    );
    const ready = await session.ready({ image: { kind: 'reference', reference } });
    const { instance } = await start(ready);
    expect(await instance.stop()).toBe('forced');
    expect(await containers()).toEqual([]);
  });

  test('with a command that is not in the image is refused with the reason, and nothing is left', async () => {
    const reference = await session.image(dockerfile('["/no/such/program"]'));
    const ready = await session.ready({ image: { kind: 'reference', reference } });
    await expect(start(ready)).rejects.toMatchObject({
      failure: {
        code: 'docker-refused',
        operation: 'start',
        reason: expect.stringContaining('/no/such/program') as string,
      },
    });
    expect(await containers()).toEqual([]);
  });

  test('never ends while it is asked to stop', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    const { instance } = await start(ready);
    let ended = false;
    void instance.ended.then(() => (ended = true));
    await instance.stop();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
  });
});

describe('a start that cannot go on', () => {
  test('takes another port when its first one is taken', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    const rival = net.createServer();
    const taken = await freePort();
    await new Promise<void>((resolve) => rival.listen(taken, '127.0.0.1', resolve));
    const ports = [taken];
    const scope = { ...session.scope(), freePort: async () => ports.shift() ?? freePort() };
    try {
      const started = await start(ready, {}, scope);
      await using instance = started.instance;
      expect(instance.port).not.toBe(taken);
      expect(started.phases).toEqual([...new Set(started.phases)]); // each is marked once, whatever was tried before
      expect(started.phases).toEqual(expect.arrayContaining(['created', 'started']));
      expect(await answerOf(instance)).toContain('<!doctype html>');
      expect(await containers()).toHaveLength(1);
    } finally {
      rival.close();
    }
  });

  test('leaves nothing when whoever listens to its phases fails', async () => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    const fail = () => {
      throw new Error('no space for phases');
    };
    await expect(start(ready, {}, session.scope(), fail)).rejects.toThrow('no space for phases');
    expect(await containers()).toEqual([]);
  });

  test.each(['created', 'started'])('leaves nothing when it is aborted just as it is %s', async (when) => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    const stop = new AbortController();
    const onPhase = (phase: string) => phase === when && stop.abort();
    await expect(start(ready, {}, session.scope(stop.signal), onPhase)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(await containers()).toEqual([]);
  });

  test.each([0, 2, 10, 30, 60, 100])('leaves nothing when it is aborted after %i ms', async (afterMs) => {
    const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
    const stop = new AbortController();
    const starting = start(ready, {}, session.scope(stop.signal));
    const timer = setTimeout(() => stop.abort(), afterMs);
    const outcome = await starting.then(
      ({ instance }) => instance,
      (error: Error) => error,
    );
    clearTimeout(timer);
    if (outcome instanceof Error) expect(outcome.name).toBe('AbortError');
    else await outcome[Symbol.asyncDispose](); // it was quicker than the abort
    expect(await containers()).toEqual([]);
  });
});

test('a runtime that the engine does not offer is unavailable, and the known ones are named', async () => {
  const { docker } = session.client;
  const signal = new AbortController().signal;
  await createContainerTarget({ docker }).check(signal);
  await createContainerTarget({ docker, runtime: 'runc' }).check(signal);
  // Podman lists every runtime that it has heard of, installed or not.
  await expect(createContainerTarget({ docker, runtime: 'nosuch' }).check(signal)).rejects.toMatchObject({
    failure: {
      code: 'target-unknown',
      target: 'container:nosuch',
      known: expect.arrayContaining(['container', 'container:runc']) as string[],
    },
  });
});
