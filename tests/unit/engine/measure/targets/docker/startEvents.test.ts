import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { listenForStart } from '../../../../../../main/engine/measure/targets/docker/startEvents';

/** An engine that tells what is written to `told`. */
function listening() {
  const told = new PassThrough();
  const docker = { getEvents: () => Promise.resolve(told) } as unknown as Docker;
  const phases: { name: string; atMs: number }[] = [];
  const events = listenForStart(docker, (name, atMs = performance.now()) => phases.push({ name, atMs }));
  events.watch('abc');
  const tell = (event: object) => told.write(JSON.stringify(event) + '\n');
  return { events, phases, tell };
}

const network = { Type: 'network', Action: 'connect', Actor: { Attributes: { container: 'abc' } } };
const start = { Type: 'container', Action: 'start', Actor: { ID: 'abc' } };
const stranger = { Type: 'container', Action: 'start', Actor: { ID: 'other' } };

test('the phases are those that the engine tells of this container', async () => {
  const { events, phases, tell } = listening();
  [stranger, network, start].forEach(tell);
  await expect.poll(() => phases.map(({ name }) => name)).toEqual(['network', 'exec']);
  events.answered();
  expect(phases).toHaveLength(2);
});

test('an answer that overtakes the event tells that the process runs, and the event tells it no second time', async () => {
  const { events, phases, tell } = listening();
  events.answered();
  const answeredAtMs = performance.now();
  [start, network].forEach(tell);
  await expect.poll(() => phases.map(({ name }) => name)).toEqual(['exec', 'network']);
  expect(phases[0]!.atMs).toBeLessThanOrEqual(answeredAtMs);
});
