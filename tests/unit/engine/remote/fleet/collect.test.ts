import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import type { Way } from '../../../../../main/engine/remote/fleet/channel';
import { fleetFile, fleetHostFolder } from '../../../../../main/engine/base/paths';
import { partOf } from '../../../../../main/engine/results/report/hosts/part';
import { hostsReport } from '../../../../../main/engine/results/report/hosts/report';
import { fakeEngine } from '../../../../support/fakes/fakeEngine';
import { hostThat, wayTo, wayToEngine } from '../../../../support/fleet/channels';
import {
  collected,
  dataFolder,
  good,
  id,
  plan,
  removeFolder,
  runId,
} from '../../../../support/fleet/collecting';

let data: string;
beforeEach(() => (data = dataFolder()));
afterEach(() => removeFolder(data));

describe('a plan on several hosts', () => {
  it('is kept with how its hosts were found, where a swarm has them', async () => {
    const swarm = { constraints: ['node.labels.kind==bench'], maxConcurrent: 2, keepImage: false };
    const { fleet } = await collected(data, { a: good()[1] }, { swarm });
    expect(fleet.swarm).toEqual(swarm);
  });

  it('comes home of each, and nothing of it stays there', async () => {
    const [[a, wayToA], [b, wayToB]] = [good(), good()];
    const { fleet, state, events } = await collected(data, { a: wayToA, b: wayToB });
    expect(state).toBe('done');
    expect(
      fleet.hosts.map(({ name, outcome, version, runId, address }) => ({
        name,
        outcome,
        version,
        runId,
        address,
      })),
    ).toEqual([
      { name: 'a', outcome: 'ok', version: '0.1.0', runId, address: 'ssh://a' },
      { name: 'b', outcome: 'ok', version: '0.1.0', runId, address: 'ssh://b' },
    ]);
    for (const { run } of fleet.hosts) expect(run?.trials).toHaveLength(4);
    expect(fleet.report).toEqual(hostsReport(fleet.hosts.map(partOf)));
    for (const engine of [a, b]) expect(engine.inputs.deleteRun).toEqual({ id: runId, forGood: true });
    for (const name of ['a', 'b']) {
      expect(existsSync(path.join(fleetHostFolder(data, id, name), 'samples.ndjson'))).toBe(true);
      expect(existsSync(path.join(fleetHostFolder(data, id, name), 'run.json'))).toBe(false); // it is in fleet.json
      const stages = events.flatMap((event) =>
        event.kind === 'host' && event.host === name ? event.stage : [],
      );
      expect(stages).toEqual(['connecting', 'checking', 'measuring', 'coming-home', 'ok']);
    }
    const told = events.filter((event) => event.kind === 'trial-ended');
    expect(told.map(({ host, run }) => `${host} ${run}`).sort()).toEqual(
      ['a', 'b'].flatMap((name) => Array<string>(4).fill(`${name} ${id}`)),
    );
    expect(events.at(-1)).toEqual({ kind: 'run-ended', run: id, state: 'done' });
  });

  it('is given the values of its variables, and the record has their names alone', async () => {
    const [engine, way] = good();
    const { fleet } = await collected(data, { a: way });
    expect(JSON.stringify(engine.inputs.startRun)).toContain('pony');
    expect(fleet.plan.workloads[0]!.environment).toEqual({ SECRET: null });
    expect(readFileSync(fleetFile(data, id), 'utf8').split('"hosts"')[0]).not.toContain('pony');
  });

  it('is stopped on every host, and what it came to is brought home', async () => {
    const engines = [fakeEngine({ endless: true }), fakeEngine({ endless: true })] as const;
    const stop = new AbortController();
    const running = collected(
      data,
      { a: wayToEngine(engines[0]), b: wayToEngine(engines[1]) },
      { signal: stop.signal },
    );
    await Promise.all(engines.map(({ busy }) => busy));
    stop.abort();
    const { fleet, state } = await running;
    expect(state).toBe('stopped');
    expect(fleet.hosts.map(({ outcome, run }) => `${outcome} ${run?.state} ${run?.trials.length}`)).toEqual([
      'stopped stopped 1',
      'stopped stopped 1',
    ]);
  });

  it('is stopped before anything runs, and leaves no host waiting', async () => {
    const stop = new AbortController();
    const running = collected(
      data,
      { a: hostThat({ doctor: () => stop.abort() }), b: good()[1] },
      { signal: stop.signal },
    );
    const { fleet, state } = await running;
    expect(state).toBe('stopped');
    expect(fleet.hosts.map(({ outcome }) => outcome)).toEqual(['stopped', 'stopped']);
  });

  it('asks a person where only he can help, one host after the other', async () => {
    let asking = 0;
    const denied = wayTo(({ gone }) => gone({ failure: { code: 'host-denied', output: '' } }));
    const asks = (): Way => {
      const way = good()[1];
      return {
        ...way,
        open(words) {
          const channel = way.open(words);
          if (words[0] !== 'doctor') return channel;
          expect((asking += 1)).toBe(1);
          channel.output.once('data', () => (asking -= 1));
          return channel;
        },
      };
    };
    const ways = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [name, { reach: denied, reachAsking: asks() }]),
    );
    const { fleet } = await collected(data, ways);
    expect(fleet.hosts.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  });

  it('refuses what no host can have', async () => {
    const asked = Plan.parse({
      ...plan,
      workloads: [{ ...plan.workloads[0]!, image: undefined, port: 80, disk: { file: '/srv/own.qcow2' } }],
      targets: ['vm:image'],
    });
    const { fleet, events } = await collected(data, { a: good()[1] }, { asked });
    expect(fleet.hosts).toEqual([]);
    expect(events.at(-1)).toMatchObject({ failure: { code: 'not-on-hosts', what: 'web' } });
  });

  it('comes home of two hundred hosts', async () => {
    const ways = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`h${at}`, good()[1]]));
    const { fleet } = await collected(data, ways, { limits: {} });
    expect(fleet.hosts.filter(({ run }) => run !== undefined)).toHaveLength(200);
  });
});
