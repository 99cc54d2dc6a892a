import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Failure } from '../../../main/contract/failures';
import type { TargetId } from '../../../main/contract/targets';
import { TareError } from '../../../main/engine/base/errors';
import type { Ending, Instance, Prepared, SharedMachine } from '../../../main/engine/measure/targets/target';

export interface FakeBehaviour {
  /** the target refuses to start */
  startFails?: Failure;
  /** why what it reads is not to be had */
  unreadable?: Failure;
  /** the application answers only after this long */
  readyAfterMs?: number;
  /** its network is up only after this long; default: from the beginning */
  reachableAfterMs?: number;
  /** the instance ends by itself this long after its start */
  endsAfterMs?: number;
  /** what it holds can still be read, but it answers no more: it was stopped in its soak */
  freezes?: boolean;
  stopFails?: boolean;
  /** it can be asked for what is free of its memory: it gives it, or does not answer */
  asked?: 'gives' | 'is-silent';
  /** it is gone, but whoever removes it is told that it is not */
  disposeFails?: boolean;
  prints?: string;
  /** of those in one machine: it does not come up */
  machineFails?: Failure;
  /** CPU time of all that works for it; default: cannot be read */
  cpuMs?: () => number;
  /** CPU time of the engine's daemons so far; default: there are none */
  engineCpuMs?: () => number | undefined;
}

/** A target whose instances are small real HTTP servers; `log` tells what was asked of them, in order. */
export function fakePrepared(target: TargetId, log: string[], behaviour: FakeBehaviour = {}): Prepared {
  return {
    commandLine: ['fake', target],
    reads() {
      if (behaviour.unreadable) return Promise.reject(new TareError(behaviour.unreadable));
      return Promise.resolve([`/fake/${target}`]);
    },
    ...(behaviour.engineCpuMs && { engineCpuMs: behaviour.engineCpuMs }),
    async start(limits, mark) {
      log.push(`${target} start`);
      if (behaviour.startFails) throw new TareError(behaviour.startFails);
      const upAtMs = performance.now() + (behaviour.readyAfterMs ?? 0);
      let answered = 0;
      const server = http.createServer((_, response) => {
        if (behaviour.freezes && answered > 0) return;
        if (performance.now() >= upAtMs) answered += 1;
        response.writeHead(performance.now() < upAtMs ? 503 : 200).end('page');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      mark('created');
      let over = false;
      const instance: Instance = {
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
        ...(behaviour.reachableAfterMs !== undefined && {
          reachable: new Promise<void>((resolve) => setTimeout(resolve, behaviour.reachableAfterMs).unref()),
        }),
        ended: new Promise<Ending>((resolve) => {
          if (behaviour.endsAfterMs === undefined) return;
          setTimeout(
            () => !over && resolve({ exit: 'exit 3', output: 'out of luck' }),
            behaviour.endsAfterMs,
          );
        }),
        read: () => Promise.resolve({ residentBytes: 1000, cpuMs: 5 }),
        cpuMs: () => Promise.resolve(behaviour.cpuMs?.()),
        measure: () => {
          log.push(`${target} measure`);
          const parts = [{ part: 'workload' as const, bytes: 700 }];
          return Promise.resolve({ reservedBytes: limits.memoryBytes, hostBytes: 700, parts, missing: [] });
        },
        ...(behaviour.asked && {
          giveBack() {
            log.push(`${target} give back`);
            if (behaviour.asked === 'gives') return Promise.resolve();
            return Promise.reject(
              new TareError({
                code: 'program-failed',
                program: 'guest agent',
                exit: 'no answer',
                output: '',
              }),
            );
          },
        }),
        disk: () => Promise.resolve({ imageBytes: 10 }),
        output: () => Promise.resolve(behaviour.prints ?? ''),
        stop: () => {
          over = true;
          log.push(`${target} stop`);
          if (behaviour.stopFails)
            return Promise.reject(new TareError({ code: 'not-stopped', what: target }));
          return Promise.resolve('polite');
        },
        [Symbol.asyncDispose]: async () => {
          over = true;
          log.push(`${target} dispose`);
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
          if (behaviour.disposeFails) throw new TareError({ code: 'not-stopped', what: `${target} removal` });
        },
      };
      return instance;
    },
  };
}

/** Targets whose instances are in one machine, which itself holds 5000 bytes; `log` tells of the machine as well. */
export function fakeTogether(
  target: TargetId,
  names: readonly string[],
  log: string[],
  behaviour: FakeBehaviour = {},
): Prepared[] {
  const openMachine: NonNullable<Prepared['openMachine']> = (mark) => {
    log.push(`${target} machine`);
    if (behaviour.machineFails) return Promise.reject(new TareError(behaviour.machineFails));
    mark('waiting');
    const limits = { memoryBytes: 0, cpus: 1 };
    const machine: SharedMachine = {
      read: () => Promise.resolve({ residentBytes: 5000, cpuMs: 7 }),
      cpuMs: () => Promise.resolve(7),
      measure: () => Promise.resolve({ hostBytes: 5000, parts: [], missing: [] }),
      start: (_, mark, scope) => fakePrepared(target, log, behaviour).start(limits, mark, scope),
      stop() {
        log.push(`${target} machine stop`);
        return Promise.resolve('polite');
      },
      [Symbol.asyncDispose]() {
        log.push(`${target} machine dispose`);
        return Promise.resolve();
      },
    };
    return Promise.resolve(machine);
  };
  return names.map(() => ({ ...fakePrepared(target, log, behaviour), openMachine }));
}
