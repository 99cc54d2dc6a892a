import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import { TargetId } from '../../../../../main/contract/targets';
import { isMessageKey } from '../../../../../main/contract/messages';
import { presets } from '../../../../../main/engine/measure/workloads/presets';
import { escaped, shellLine, unescaped, wordsOf } from '../../../../../main/contract/commandLine';
import {
  draftOf,
  emptyDraft,
  emptyWorkload,
  fitsForm,
  keptDraft,
  namesOf,
  readDraft,
  type PlanDraft,
  type WorkloadDraft,
  withoutValues,
} from '../../../../../renderer/pages/compare/planDraft';

const draft = (workload: Partial<WorkloadDraft> = {}, plan: Partial<PlanDraft> = {}): PlanDraft => ({
  ...emptyDraft(),
  workloads: [{ ...emptyWorkload(), ...workload }],
  ...plan,
});

describe('a plan that is typed', () => {
  it('is complete from the beginning', () => {
    const { plan, problems } = readDraft(emptyDraft());
    expect([...problems]).toEqual([]);
    expect(plan).toMatchObject({ name: 'custom', targets: ['container', 'vm:direct'], trials: 5 });
    expect(plan!.workloads).toMatchObject([
      { name: 'web', image: { kind: 'builtin', name: 'web' }, port: 8080, limits: { memoryBytes: 2 ** 29 } },
    ]);
  });

  it('takes the image from the source that is shown, and keeps the others for later', () => {
    const all = { builtin: 'api', local: 'shop:2', pull: 'nginx:1.27', folder: '/home/me/my shop' } as const;
    const images = (['builtin', 'local', 'pull', 'folder'] as const).map(
      (source) => readDraft(draft({ ...all, source })).plan!.workloads[0]!,
    );
    expect(images.map(({ name }) => name)).toEqual(['api', 'shop', 'nginx', 'my-shop']);
    expect(images.map(({ image }) => image)).toEqual([
      { kind: 'builtin', name: 'api' },
      { kind: 'reference', reference: 'shop:2' },
      { kind: 'reference', reference: 'nginx:1.27' },
      { kind: 'folder', path: '/home/me/my shop' },
    ]);
    // an image says itself which port it listens on, unless somebody knows better
    expect(images.map(({ port }) => port)).toEqual([8080, undefined, undefined, undefined]);
  });

  it('reads command, environment, probe, limits and care', () => {
    const { plan } = readDraft(
      draft(
        {
          source: 'pull',
          pull: 'valkey/valkey:8@sha256:abc',
          command: `valkey-server --save "" --name 'a b'`,
          environment: 'A=1\n\nB=x=y \n C \nD=',
          port: '6379',
          probe: 'tcp',
          say: 'PING\\r\\n',
          expect: '+PONG',
          memory: '1.5g',
          cpus: '.5',
        },
        { trials: '10', warmups: '0', soak: '5s', precision: '5%', budget: '1m30s', together: true },
      ),
    );
    expect(plan!.workloads[0]).toEqual({
      name: 'valkey',
      image: { kind: 'reference', reference: 'valkey/valkey:8@sha256:abc' },
      command: ['valkey-server', '--save', '', '--name', 'a b'],
      environment: { A: '1', B: 'x=y ', C: null, D: '' },
      port: 6379,
      probe: { kind: 'tcp', say: 'PING\r\n', expect: '+PONG' },
      limits: { memoryBytes: 1.5 * 2 ** 30, cpus: 0.5 },
    });
    expect(plan).toMatchObject({ trials: 10, warmups: 0, soakMs: 5000, precision: 0.05, budgetMs: 90_000 });
    expect(plan!.arrangement).toBe('alone'); // together is for several
  });

  it('gives a full system the minutes that it needs where it is emulated', () => {
    expect(readDraft(draft({}, { targets: ['vm:full'] })).plan!.readyTimeoutMs).toBe(300_000);
    expect(readDraft(draft()).plan!.readyTimeoutMs).toBe(60_000);
  });

  it.each([
    ['w0.image', { source: 'pull' }, {}],
    ['w0.image', { source: 'local' }, {}],
    ['w0.image', { source: 'folder', folder: '  ' }, {}],
    ['w0.image', { source: 'disk', port: '80' }, { targets: ['vm:image'] }],
    ['w0.port', { source: 'disk', disk: '/srv/a.img' }, { targets: ['vm:image'] }],
    ['targets', { source: 'disk', disk: '/srv/a.img', port: '80' }, {}],
    ['targets', {}, { targets: ['vm:image'] }],
    ['w0.name', { name: 'no spaces' }, {}],
    ['w0.port', { source: 'pull', pull: 'a', port: 'http' }, {}],
    ['w0.port', { source: 'pull', pull: 'a', port: '70000' }, {}],
    ['w0.command', { command: 'sh -c "x' }, {}],
    ['w0.environment', { environment: '=A' }, {}],
    ['w0.path', { path: 'health' }, {}],
    ['w0.expect', { probe: 'tcp' }, {}],
    ['w0.memory', { memory: 'lots' }, {}],
    ['w0.memory', { memory: '1M' }, {}],
    ['w0.cpus', { cpus: '0' }, {}],
    ['w0.cpus', { cpus: '' }, {}],
    ['targets', {}, { targets: [] }],
    ['trials', {}, { trials: '0' }],
    ['trials', {}, { trials: '2.5' }],
    ['warmups', {}, { warmups: '11' }],
    ['warmups', {}, { warmups: 'some' }],
    ['soak', {}, { soak: '5' }],
    ['precision', {}, { precision: 'well' }],
    ['precision', {}, { precision: '200%' }],
    ['budget', {}, { budget: '0' }],
  ] as [string, Partial<WorkloadDraft>, Partial<PlanDraft>][])('tells a problem at %s', (field, one, all) => {
    const { plan, problems } = readDraft(draft(one, all));
    expect(plan).toBeUndefined();
    expect([...problems.keys()]).toEqual([field]);
    for (const key of problems.values()) expect(isMessageKey(key), key).toBe(true);
  });

  it('is kept with the names of variables alone', () => {
    const kept = withoutValues(draft({ environment: 'A=hush\nB=x=hush\nC' }, {}));
    expect(kept.workloads[0]!.environment).toBe('A\nB\nC');
    expect(readDraft(kept).plan?.workloads[0]!.environment).toEqual({ A: null, B: null, C: null });
  });

  it('takes a disk alone, or beside an image, and is filled from such a plan', () => {
    const disk = { file: '/srv/a.img' };
    const alone = readDraft(
      draft({ source: 'disk', disk: disk.file, port: '80' }, { targets: ['vm:image'] }),
    );
    expect(alone.plan?.workloads[0]).toMatchObject({ name: 'a.img', disk, port: 80 });
    expect(alone.plan?.workloads[0]).not.toHaveProperty('image');
    const beside = readDraft(draft({ disk: disk.file }, { targets: ['container', 'vm:image'] }));
    expect(beside.plan?.workloads[0]).toMatchObject({ image: { kind: 'builtin', name: 'web' }, disk });
    for (const { plan } of [alone, beside]) expect(readDraft(draftOf(plan!)).plan).toEqual(plan);
  });

  it('tells all problems at once, each at its own workload', () => {
    const workloads = [emptyWorkload(), { ...emptyWorkload(), memory: '?', source: 'pull' as const }];
    const { problems } = readDraft({ ...emptyDraft(), workloads, trials: '' });
    expect([...problems.keys()].sort()).toEqual(['trials', 'w1.image', 'w1.memory']);
  });

  it('numbers workloads of the same image, but not what a person named', () => {
    const named = (name: string) => ({ ...emptyWorkload(), name });
    expect(namesOf([named(''), named(''), named('x')])).toEqual(['web', 'web-2', 'x']);
    const { problems } = readDraft({ ...emptyDraft(), workloads: [named('x'), named('x')] });
    expect([...problems]).toEqual([['w1.name', 'ui.form.bad.twice']]);
  });

  it('has every field that is not hidden filled from a preset, and reads back as the same plan', () => {
    const plans = presets.map((preset) => Plan.parse(preset));
    const fitting = plans.filter(fitsForm);
    expect(fitting.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['three-apps', 'quick', 'startup', 'noise', 'ladder']),
    );
    for (const plan of fitting) {
      const { plan: back } = readDraft(draftOf(plan));
      const hidden = {
        name: 'custom',
        wholeLadder: false,
        readyTimeoutMs: back!.readyTimeoutMs,
        coolDownMs: 300,
      };
      expect(back, plan.name).toEqual({ ...plan, ...hidden });
    }
  });

  it('never reads as a plan that the contract refuses, whatever is typed', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', '1', '512 MiB', '5s', '5%', 'a=b', '/'));
    const workload = fc.record({
      ...Object.fromEntries(Object.keys(emptyWorkload()).map((field) => [field, text])),
      source: fc.constantFrom('builtin', 'local', 'pull', 'folder', 'disk'),
      builtin: fc.constantFrom('web', 'api'),
      probe: fc.constantFrom('http', 'tcp'),
    });
    const any = fc.record({
      workloads: fc.array(workload, { minLength: 1, maxLength: 3 }),
      targets: fc.uniqueArray(fc.constantFrom('container', 'vm:direct', 'process', 'vm:image')),
      together: fc.boolean(),
      ...Object.fromEntries(['trials', 'warmups', 'soak', 'precision', 'budget'].map((name) => [name, text])),
    });
    fc.assert(
      fc.property(any, (strange) => {
        const { plan, problems } = readDraft(strange as unknown as PlanDraft);
        if (plan) Plan.parse(plan);
        else expect(problems.size).toBeGreaterThan(0);
        for (const key of problems.values()) expect(isMessageKey(key), key).toBe(true);
      }),
    );
  });
});

describe('a form that was kept', () => {
  it('comes back as it was', () => {
    const kept = draft(
      { source: 'folder', folder: '/x', outgoing: true },
      { trials: '7', together: true, cold: true },
    );
    expect(keptDraft(JSON.stringify(kept))).toEqual(kept);
  });

  it('is an empty one where it is missing, broken or from another version', () => {
    for (const text of [null, '', '{', '[]', '{"workloads":[]}', '5'])
      expect(keptDraft(text)).toBeUndefined();
    const strange = keptDraft(
      '{"workloads":[{"source":"moon","memory":5,"extra":"x"}],"targets":[1,"container"]}',
    );
    expect(strange).toEqual({ ...draft(), targets: ['container'] });
    expect(strange!.targets.every((id) => TargetId.safeParse(id).success)).toBe(true);
  });
});

describe('a command', () => {
  it('comes back from what a person would type', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(wordsOf(shellLine(words))).toEqual(words);
      }),
    );
  });

  it('is split as a shell would', () => {
    expect(wordsOf(`a  'b c' "d \\" e" f\\ g ""`)).toEqual(['a', 'b c', 'd " e', 'f g', '']);
    expect(wordsOf(`a 'b`)).toBeUndefined();
    expect(wordsOf('  ')).toEqual([]);
  });

  it('may send control characters', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unescaped(escaped(text))).toBe(text);
      }),
    );
    expect(unescaped('PING\\r\\n')).toBe('PING\r\n');
  });
});
