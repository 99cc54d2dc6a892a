import { describe, expect, it } from 'vitest';
import { fakeLink, ok } from '../../../support/fakes/fakePage';
import { healthy } from '../../../support/fakes/fakeAnswers';
import type { Answer } from '../../../../main/contract/failures';
import type { DoctorReport } from '../../../../main/contract/machine';
import { chosenHosts, isHere } from '../../../../renderer/state/hosts/chosen.svelte';
import { HostsState } from '../../../../renderer/state/hosts/hosts.svelte';

const bench = { name: 'bench1', address: 'ssh://bench1' };
const arm = { name: 'arm', address: 'ssh://arm' };
const noSwarm: Answer<never> = { ok: false, failure: { code: 'not-a-manager', reason: 'no-swarm' } };
const denied: Answer<never> = { ok: false, failure: { code: 'settings-invalid', path: '/x', reason: 'y' } };

async function opened(...hosts: (typeof bench)[]) {
  const link = fakeLink({ hosts: () => ok(hosts), swarmNodes: () => noSwarm, doctorHost: () => ok(healthy) });
  const state = new HostsState(link);
  await state.load();
  return { link, state };
}

describe('the other computers that a person keeps', () => {
  it('are not known until they are told, or why they cannot be', async () => {
    const link = fakeLink({ hosts: () => denied, swarmNodes: () => noSwarm });
    const state = new HostsState(link);
    expect([state.kept, state.failure]).toEqual([undefined, undefined]);
    await state.load();
    expect([state.kept, state.failure]).toEqual([
      undefined,
      { code: 'settings-invalid', path: '/x', reason: 'y' },
    ]);
    link.answers.hosts = () => ok([bench]);
    await state.load();
    expect([state.kept, state.failure]).toEqual([[bench], undefined]);
  });

  it('are looked at once they are added, and by name, whatever else is kept with it', async () => {
    const { link, state } = await opened();
    link.answers.addHost = () => ok([bench]);
    expect(await state.add(bench)).toBeUndefined();
    expect(state.kept).toEqual([bench]);
    await expect.poll(() => state.checkOf('bench1')).toEqual({ checking: false, report: healthy });
    expect(link.asked.at(-1)).toEqual({ name: 'doctorHost', input: { host: 'bench1' } });
  });

  it('stay as they were where one is refused', async () => {
    const { link, state } = await opened(bench);
    Object.assign(link.answers, { addHost: () => denied, removeHost: () => denied });
    expect(await state.add(arm)).toMatchObject({ code: 'settings-invalid' });
    expect(await state.remove('bench1')).toMatchObject({ code: 'settings-invalid' });
    expect(state.kept).toEqual([bench]);
    expect(state.failure).toBeUndefined();
  });
});

describe('the swarm of this computer', () => {
  it('is known by its nodes, or not at all where there is none', async () => {
    const { link, state } = await opened();
    expect([state.nodes, state.noSwarm?.reason, state.areThere]).toEqual([undefined, 'no-swarm', false]);
    link.answers.swarmNodes = () => ok([{ name: 'node-1' }]);
    await state.look(['node.role==worker']);
    expect(link.asked.at(-1)).toEqual({ name: 'swarmNodes', input: { constraints: ['node.role==worker'] } });
    expect([state.nodes, state.noSwarm, state.areThere]).toEqual([[{ name: 'node-1' }], undefined, true]);
    link.answers.swarmNodes = () => noSwarm;
    await state.look([]);
    expect(state.nodes).toBeUndefined();
  });

  it('is not known while its engine does not answer, and the hosts are', async () => {
    const link = fakeLink({ hosts: () => ok([bench]), swarmNodes: () => new Promise(() => undefined) });
    const state = new HostsState(link);
    void state.load();
    await expect.poll(() => state.kept).toEqual([bench]);
    expect([state.isSwarmKnown, state.areThere]).toEqual([false, true]);
  });
});

describe('a look at a host', () => {
  it('keeps what an earlier one has found until it is over, and is made once at a time', async () => {
    const { link, state } = await opened(bench);
    await state.check('bench1');
    let answer: (report: Answer<DoctorReport>) => void = () => undefined;
    link.answers.doctorHost = () => new Promise((resolve) => (answer = resolve));
    const checked = state.check('bench1');
    expect(state.checkOf('bench1')).toEqual({ checking: true, report: healthy });
    const { length } = link.asked;
    await state.check('bench1');
    expect(link.asked).toHaveLength(length);
    answer({ ok: false, failure: { code: 'stopped' } });
    await checked;
    expect(state.checkOf('bench1')).toEqual({ checking: false, failure: { code: 'stopped' } });
  });

  it('says nothing of another host that has its name by then', async () => {
    const { link, state } = await opened(bench, arm);
    await state.check('arm');
    let answer: (report: Answer<DoctorReport>) => void = () => undefined;
    link.answers.doctorHost = () => new Promise((resolve) => (answer = resolve));
    const checked = state.check('bench1');
    const moved = { ...bench, address: 'ssh://elsewhere' };
    link.answers.hosts = () => ok([moved, arm].map((host) => ({ ...host })));
    await state.load();
    answer(ok(healthy));
    await checked;
    expect(state.checkOf('bench1')).toBeUndefined();
    expect(state.checkOf('arm')?.report).toBe(healthy);
  });

  it('is not made of a host that nobody keeps', async () => {
    const { link, state } = await opened(bench);
    await state.check('stranger');
    expect(link.asked.map(({ name }) => name)).toEqual(['hosts', 'swarmNodes']);
  });
});

describe('the computers that plans are run on', () => {
  it('are this one, unless others are chosen that are kept', () => {
    expect(chosenHosts.among([bench])).toEqual(['local']);
    chosenHosts.set({ names: ['arm', 'bench1'] });
    expect(chosenHosts.among([bench, arm])).toEqual(['bench1', 'arm']);
    expect(chosenHosts.among([bench])).toEqual(['bench1']);
    expect(chosenHosts.among([])).toEqual(['local']);
    chosenHosts.set({ names: ['bench1', 'local'] });
    expect(chosenHosts.among([bench, arm])).toEqual(['local', 'bench1']);
  });

  it('are here where there is none but this one', () => {
    const here = [['local'], ['local', 'arm'], ['arm']].map((hosts) => isHere({ hosts }));
    expect(here).toEqual([true, false, false]);
    expect(isHere({ swarm: { constraints: [], keepImage: false } })).toBe(false);
  });
});
