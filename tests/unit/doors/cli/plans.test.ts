import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { explain } from '../../../../main/contract/messages';
import { composePlan, type PlanOptions } from '../../../../main/doors/cli/plans';
import { TareError } from '../../../../main/engine/base/errors';
import { presets } from '../../../../main/engine/measure/workloads/presets';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-plans-'));
afterAll(() => rmSync(folder, { recursive: true }));

const compose = (named?: string, options: PlanOptions = {}) =>
  composePlan(named, options, { presets, cwd: folder });

async function refused(named?: string, options: PlanOptions = {}) {
  const error: unknown = await compose(named, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TareError);
  const { failure } = error as TareError;
  return failure.code === 'bad-input' ? { ...failure, problems: explain('en', failure).details } : failure;
}

const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return name;
};

describe('presets and options', () => {
  test('nothing named is quick', async () => expect((await compose()).name).toBe('quick'));
  test('another application is not called quick', async () => {
    const nameOf = async (named: string | undefined, options: PlanOptions) =>
      (await compose(named, options)).name;
    expect(await nameOf(undefined, { image: 'registry.example/shop/nginx:1.27' })).toBe('nginx');
    expect(await nameOf('quick', { build: './my app' })).toBe('my-app');
    expect(await nameOf(undefined, { workload: 'api' })).toBe('api');
    expect(await nameOf('density', { workload: 'api' })).toBe('density');
    expect(await nameOf(undefined, { targets: 'container' })).toBe('quick');
  });

  test('options change the preset and keep the rest', async () => {
    const options = {
      trials: '5',
      memory: '256M',
      cpus: '0.5',
      seed: '7',
      budget: '5m',
      soak: '0',
      timeout: '90s',
    };
    const plan = await compose('quick', options);
    expect(plan).toMatchObject({ trials: 5, seed: 7, budgetMs: 300_000, soakMs: 0, readyTimeoutMs: 90_000 });
    expect(plan.workloads).toMatchObject([
      { name: 'web', limits: { memoryBytes: 256 * 1024 ** 2, cpus: 0.5 } },
    ]);
    expect(plan.targets).toEqual(['container', 'vm:direct']);
  });

  test('what is named waits as long as the most patient of its targets needs, unless one says how long', async () => {
    const waits = async (options: PlanOptions) => (await compose('quick', options)).readyTimeoutMs;
    expect(await waits({})).toBe(60_000);
    expect(await waits({ image: 'nginx', targets: 'container,vm:full' })).toBe(300_000);
    expect(await waits({ targets: 'vm:full', timeout: '90s' })).toBe(90_000);
  });

  test('an image takes the place of the built-in one, with its own port', async () => {
    const { workloads } = await compose(undefined, {
      image: 'registry:5000/team/nginx:1.2',
      env: ['A=1', 'B=x=y', 'C', 'D='],
    });
    expect(workloads).toMatchObject([
      {
        name: 'nginx',
        image: { kind: 'reference', reference: 'registry:5000/team/nginx:1.2' },
        environment: { A: '1', B: 'x=y', C: null, D: '' },
      },
    ]);
    expect(workloads[0]!.port).toBeUndefined();
    expect(workloads[0]!.limits.memoryBytes).toBe(512 * 1024 ** 2);
  });

  test('values are kept only where that is asked for', async () => {
    expect(await compose('quick', { env: ['A=1'] })).not.toHaveProperty('keepValues');
    expect(await compose('quick', { env: ['A=1'], withValues: true })).toMatchObject({ keepValues: true });
  });

  test('a folder is meant from where one stands, and names the workload', async () => {
    const { workloads } = await compose('quick', { build: './my app', port: '3000', probe: '/health' });
    expect(workloads).toMatchObject([
      {
        name: 'my-app',
        image: { kind: 'folder', path: path.join(folder, 'my app') },
        port: 3000,
        probe: { kind: 'http', path: '/health' },
      },
    ]);
  });

  test('a built-in application keeps the built-in port', async () => {
    const { workloads } = await compose('startup', { workload: 'worker' });
    expect(workloads).toMatchObject([
      { name: 'worker', image: { kind: 'builtin', name: 'worker' }, port: 8080 },
    ]);
  });

  test('in a plan of several applications each keeps its name and limits', async () => {
    const { workloads } = await compose('three-apps', { image: 'nginx' });
    expect(workloads.map(({ name }) => name)).toEqual(['web', 'api', 'worker']);
    expect(new Set(workloads.map(({ image }) => JSON.stringify(image))).size).toBe(1);
    expect(workloads.map(({ limits }) => limits.memoryBytes / 1024 ** 3)).toEqual([2, 1, 4]);
  });

  test('everything that cannot be understood is named at once', async () => {
    const options = {
      memory: '12Q',
      soak: '5',
      port: 'http',
      probe: 'health',
      env: ['=hush'],
      workload: 'db',
      cpus: '0',
    };
    const failure = await refused('quick', options);
    expect(failure).toEqual({
      code: 'bad-input',
      problems: [
        '--workload: “db” is not one of web, api, worker, nginx, postgresql, valkey, node, python, java',
        '--env: “=…” does not have the form KEY=VALUE or KEY',
        '--port: “http” is not a whole number',
        '--probe: “health” does not begin with /',
        '--memory: “12Q” is not a size; write it like 256M, 1G or 512MiB',
        '--cpus: “0” is not a number above 0',
        '--soak: “5” is not a duration; write it like 500ms, 5s or 5m',
      ],
    });
  });

  test.each([
    [{ trials: '0' }, '--trials: must be at least 1'],
    [{ memory: '1M' }, '--memory: must be at least 16 MiB'],
    [{ port: '70000' }, '--port: must be at most 65,535'],
    [{ targets: 'container,container' }, '--targets: a target is named twice'],
    [{ targets: '' }, '--targets: has too few entries: at least 1'],
  ])('%j is refused by the option’s own name, with the bound', async (options, problem) => {
    expect(await refused('quick', options)).toEqual({ code: 'bad-input', problems: [problem] });
  });

  test('an option that all workloads refuse is told once', async () => {
    expect(await refused('three-apps', { memory: '5' })).toEqual({
      code: 'bad-input',
      problems: ['--memory: must be at least 16 MiB'],
    });
  });

  test('an unknown preset or target is refused with those that exist', async () => {
    expect(await refused('quik')).toEqual({
      code: 'preset-unknown',
      name: 'quik',
      known: presets.map(({ name }) => name),
    });
    expect(await refused('quick', { targets: 'container, vm' })).toEqual({
      code: 'target-unknown',
      target: 'vm',
      known: [
        'process',
        'container',
        'vm:snapshot',
        'vm:micro',
        'vm:direct',
        'vm:shared',
        'vm:full',
        'vm:image',
      ],
    });
  });
});

describe('plan files', () => {
  const workload =
    'workloads: [{name: a, image: {kind: builtin, name: web}, port: 8080, limits: {memoryBytes: 256M}}]';

  test('YAML with units is understood, and what is left out gets its default', async () => {
    const plan = await compose(
      file('p.yaml', `${workload}\ntargets: [container]\ntrials: 2\nsoakMs: 1.5s\n`),
    );
    expect(plan).toMatchObject({ name: 'custom', trials: 2, soakMs: 1500, warmups: 1 });
    expect(plan.workloads[0]!.limits.memoryBytes).toBe(256 * 1024 ** 2);
  });

  test('JSON is understood, and so is the plan inside a run.json', async () => {
    const plan = JSON.stringify(presets[0]);
    expect((await compose(file('p.json', plan))).name).toBe('three-apps');
    expect((await compose(file('run.json', `{"schemaVersion": 1, "plan": ${plan}}`))).name).toBe(
      'three-apps',
    );
  });

  test.each([
    ['s.yaml', `$schema: ./plan.schema.json\n${workload}\ntargets: [container]\ntrials: 2\n`],
    ['s.json', JSON.stringify({ $schema: './plan.schema.json', ...presets[0] })],
  ])('%s may say where editors find the description of plans', async (name, text) => {
    const plan = await compose(file(name, text));
    expect(plan).toMatchObject({ targets: expect.arrayContaining(['container']) as string[] });
    expect(plan).not.toHaveProperty('$schema');
  });

  test('settings of the environment are never taken for quantities', async () => {
    const text = workload.replace('port: 8080', 'port: 8080, environment: {CACHE_Bytes: 256M}');
    const plan = await compose(file('e.yaml', `${text}\ntargets: [container]\ntrials: 1\n`));
    expect(plan.workloads[0]!.environment).toEqual({ CACHE_Bytes: '256M' });
  });

  test('a folder in a plan is meant from where the plan lies', async () => {
    const text = workload.replace('{kind: builtin, name: web}', '{kind: folder, path: ./app}');
    const plan = await compose(file('f.yml', `${text}\ntargets: [container]\ntrials: 1\n`));
    expect(plan.workloads[0]!.image).toEqual({ kind: 'folder', path: path.join(folder, 'app') });
  });

  test('a misspelt field is refused: ignored, it would silently change nothing', async () => {
    expect(
      await refused(file('m.yaml', `${workload}\ntargets: [container]\ntrials: 1\ntrails: 5\n`)),
    ).toEqual({
      code: 'bad-input',
      problems: ['unknown field: trails'],
    });
    const deep = workload.replace('256M', '256M, memroy: 1');
    expect(await refused(file('d.yaml', `${deep}\ntargets: [container]\ntrials: 1\n`))).toEqual({
      code: 'bad-input',
      problems: ['unknown field: workloads[0].limits.memroy'],
    });
  });

  test('what is wrong in a plan is named by path', async () => {
    const failure = await refused(file('w.yaml', 'workloads: []\ntargets: container\ntrials: many\n'));
    expect(failure).toEqual({
      code: 'bad-input',
      problems: [
        'workloads: has too few entries: at least 1',
        'targets: must be a list',
        'trials: must be a number',
      ],
    });
  });

  test.each([
    ['absent.yaml', 'ENOENT'],
    ['./nowhere/plan', 'ENOENT'],
  ])('%s cannot be read', async (name, reason) => {
    expect(await refused(name)).toMatchObject({ code: 'plan-unreadable', reason });
  });

  test('broken notation is told with the place', async () => {
    expect(await refused(file('b.json', '{"name": '))).toMatchObject({
      code: 'plan-unreadable',
      reason: expect.stringMatching(/line 1/) as string,
    });
  });

  test.each(['', 'null', '3', '[]', 'text'])('a file that holds %j is no plan', async (text) => {
    expect(await refused(file('x.yaml', text))).toMatchObject({ code: 'bad-input' });
  });
});

describe('a disk of one’s own', () => {
  const file = path.join(folder, 'disks/shop-2026.qcow2');
  const planOf = async (named: string | undefined, options: PlanOptions) => {
    const { workloads, targets } = await compose(named, options);
    return { targets, ...workloads[0]! };
  };

  test('runs alone, called after its file, with room for a whole system', async () => {
    expect(await planOf(undefined, { vmDisk: 'disks/shop-2026.qcow2', port: '80' })).toMatchObject({
      name: 'shop-2026',
      disk: { file },
      port: 80,
      targets: ['vm:image'],
      limits: { memoryBytes: 512 * 1024 ** 2 },
    });
    expect(await planOf(undefined, { vmDisk: 'a.img', port: '80' })).not.toHaveProperty('image');
    const { limits } = await planOf(undefined, { vmDisk: 'a.img', port: '80', memory: '2G' });
    expect(limits.memoryBytes).toBe(2 * 1024 ** 3);
  });

  test('stands beside the container of an image that is named, and any other target', async () => {
    const options = { vmDisk: file, image: 'nginx', port: '80' };
    expect(await planOf(undefined, options)).toMatchObject({
      name: 'nginx',
      image: { reference: 'nginx' },
      disk: { file },
      targets: ['container', 'vm:image'],
    });
    const { targets } = await planOf(undefined, { ...options, targets: 'container,vm:full,vm:image' });
    expect(targets).toEqual(['container', 'vm:full', 'vm:image']);
  });

  test('joins the plan of a file, from whose folder its own are meant', async () => {
    const written = {
      name: 'mine',
      workloads: [
        { name: 'shop', image: { kind: 'reference', reference: 'shop' }, limits: { memoryBytes: '1G' } },
      ],
      targets: ['container', 'vm:direct'],
      trials: 1,
    };
    const { image, targets } = await planOf(fileOf(written), { vmDisk: file });
    expect(image).toMatchObject({ reference: 'shop' });
    expect(targets).toEqual(['container', 'vm:direct', 'vm:image']);
    const withDisk = { ...written.workloads[0]!, disk: { file: 'disks/shop-2026.qcow2' } };
    const { disk } = await planOf(fileOf({ ...written, workloads: [withDisk] }), {});
    expect(disk).toEqual({ file });
  });

  test('is refused without a port, on other targets, and where it could be meant for several', async () => {
    const problemsOf = async (named: string | undefined, options: PlanOptions) => {
      const failure = await refused(named, options);
      return failure.code === 'bad-input' ? failure.problems.join() : failure.code;
    };
    expect(await problemsOf(undefined, { vmDisk: file })).toMatch(/needs a port/);
    expect(await problemsOf(undefined, { vmDisk: file, port: '80', targets: 'container' })).toMatch(
      /needs an image/,
    );
    expect(await problemsOf('quick', { targets: 'container,vm:image' })).toMatch(/needs one \(--vm-disk/);
    expect(await problemsOf('three-apps', { vmDisk: file })).toMatch(/one workload/);
  });

  const fileOf = (plan: object): string => {
    writeFileSync(path.join(folder, 'disk-plan.json'), JSON.stringify(plan));
    return 'disk-plan.json';
  };
});
