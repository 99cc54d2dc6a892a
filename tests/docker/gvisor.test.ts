/** gVisor, whose processes on the host are its kernel's and not the application's, registered with a Docker of the test's own. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrialMemory } from '../../main/contract/run/run';
import { holderImage } from '../support/images';
import { known, mebibyte, missedBy } from '../support/knownAnswers';
import { ownDaemon, type OwnDaemon } from '../support/engines/ownDaemon';
import { openSession, type Session } from './daemon';
import { holding, memoryOf, type Holder } from './holding';

const runsc = '/usr/bin/runsc';
/** Of the machine's own network: a network of gVisor's own needs rights that a container for tests may lack. */
const words = ['--platform=systrap', '--network=host'];

let daemon: OwnDaemon;
let session: Session;
let image: string;
beforeAll(async () => {
  expect(existsSync(runsc), 'these tests need gVisor: apt-get install runsc').toBe(true);
  image = await holderImage();
  daemon = await ownDaemon({
    runsc: { path: runsc, runtimeArgs: words },
    ungrouped: { path: runsc, runtimeArgs: [...words, '--ignore-cgroups'] },
  });
  daemon.copy(image);
  session = await openSession(daemon.endpoint);
});
afterAll(async () => {
  await session.close();
  expect(daemon.docker('ps', '--all', '--quiet')).toBe('');
  await daemon.stop();
});

const holder = (runtime: string): Holder => ({ session, image, runtime });

/** It keeps what is written to /tmp in memory, and each child has its share of gVisor's kernel, which is no known answer. */
const answers = known
  .filter(({ words: [kind] }) => kind !== 'forks')
  .map((one) =>
    one.words.includes('/tmp/file') ? { ...one, answers: { ...one.answers, container: { own: 64 } } } : one,
  );
/**
 * Of two containers that hold the same. gVisor's kernel is a program with a garbage collector: how much garbage it has when it is
 * looked at, some MiB, depends on what else the machine does. What is held is 48 MiB or more, so that all of it twice, half of it or
 * none of it is far beyond this.
 */
const apartMebibytes = 16;

describe('what a container of gVisor’s holds', () => {
  let nothing: TrialMemory;
  beforeAll(async () => {
    nothing = await memoryOf(holder('runsc'), ['nothing']);
  });

  test('is beside its kernel and its file server, of which there is more than of any other container', () => {
    expect(nothing.parts.map(({ part }) => part)).toEqual(['workload', 'shim', 'proxies']);
    expect(nothing.parts[0]!.bytes).toBeGreaterThan(8 * mebibyte);
    expect(nothing.missing).toEqual([]);
  });

  test.each(answers)('is found where it belongs, and once: $name', async (one) => {
    const missed = missedBy(one, 'container', nothing, await memoryOf(holder('runsc'), one.words));
    for (const mebibytes of Object.values(missed)) expect(mebibytes).toBeLessThan(apartMebibytes);
  });
});

describe('a container of gVisor’s in a control group that counts others too', () => {
  let nothing: TrialMemory;
  beforeAll(async () => {
    nothing = await memoryOf(holder('ungrouped'), ['nothing']);
  });

  test('has no figure that only a group of its own could give', () => {
    const reason = 'cgroup-not-own';
    expect(nothing.missing).toEqual([
      { what: 'kernel-slab', reason },
      { what: 'fileBytes', reason },
      { what: 'workingSetBytes', reason },
    ]);
    for (const name of ['workingSetBytes', 'fileBytes', 'sharedFileBytes'])
      expect(nothing).not.toHaveProperty(name);
  });

  test('weighs what one in a group of its own weighs', async () => {
    const grouped = await memoryOf(holder('runsc'), ['nothing']);
    expect(Math.abs(nothing.hostBytes! - grouped.hostBytes!)).toBeLessThan(apartMebibytes * mebibyte);
  });

  test.each(answers)('is weighed by its processes, what two of them share once: $name', async (one) => {
    const { hostBytes } = await memoryOf(holder('ungrouped'), one.words);
    const more = (hostBytes! - nothing.hostBytes!) / mebibyte;
    expect(Math.abs(more - (one.answers.container.own ?? 0))).toBeLessThan(apartMebibytes);
  });
});

test.each(['runsc', 'ungrouped'])('the CPU time of %s is that of its own processes', async (runtime) => {
  await using instance = await holding(holder(runtime), ['nothing']);
  const { cpuMs } = await instance.read();
  const whole = await instance.cpuMs();
  expect(cpuMs).toBeGreaterThan(0);
  expect(whole).toBeGreaterThan(cpuMs!); // with its shim, the runtime that started it, and its proxies
  // a group that others are in, this machine's or its engine's, has used minutes
  expect(whole).toBeLessThan(20_000);
  expect(await instance.openFiles?.()).toEqual({}); // its own kernel decides
});
