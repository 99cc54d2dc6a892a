import { describe, expect, test } from 'vitest';
import { Plan, type PlanInput } from '../../../../../main/contract/plan';
import { keptPlan, keptRun, sharedRecord, withHome } from '../../../../../main/engine/results/history/kept';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const home = '/home/me';
const limits = { memoryBytes: 2 ** 26 };
const planOf = (change: Partial<PlanInput> = {}): Plan =>
  Plan.parse({
    name: 'test',
    workloads: [
      {
        name: 'web',
        image: {
          kind: 'folder',
          path: '/home/me/app',
          buildArgs: { TOKEN: 'hush-argument', VERSION: null },
          secrets: [{ id: 'key', src: '/home/me/key' }],
        },
        environment: { PASSWORD: 'hush-variable', USER: null },
        workingDir: '/home/me/inside',
        limits,
      },
    ],
    targets: ['container', 'vm:direct'],
    trials: 1,
    ...change,
  });

describe('a plan that is kept', () => {
  test('has the names of variables and arguments, and no value', () => {
    const [workload] = keptPlan(planOf(), home).workloads;
    expect(workload!.environment).toEqual({ PASSWORD: null, USER: null });
    expect(workload!.image).toMatchObject({ buildArgs: { TOKEN: null, VERSION: null } });
    expect(JSON.stringify(keptPlan(planOf(), home))).not.toMatch(/hush|me\/key|home\/me\/app/);
  });

  test('says where a folder lies from home on, and leaves the paths inside of the image', () => {
    const [workload] = keptPlan(planOf(), home).workloads;
    expect(workload).toMatchObject({ image: { path: '~/app' }, workingDir: '/home/me/inside' });
    expect(withHome(keptPlan(planOf(), home), '/home/you').workloads[0]!.image).toMatchObject({
      path: '/home/you/app',
    });
  });

  test('says where a disk lies from home on', () => {
    const disk = { file: '/home/me/disks/shop.qcow2' };
    const plan = planOf({ workloads: [{ name: 'shop', disk, port: 80, limits }], targets: ['vm:image'] });
    const kept = keptPlan(plan, home);
    expect(kept.workloads[0]!.disk).toEqual({ file: '~/disks/shop.qcow2' });
    expect(withHome(kept, '/home/you').workloads[0]).toEqual({
      ...plan.workloads[0],
      disk: { file: '/home/you/disks/shop.qcow2' },
    });
  });

  test('can be read and kept again as it is', () => {
    const kept = keptPlan(planOf(), home);
    expect(Plan.parse(kept)).toEqual(kept);
    expect(keptPlan(kept, home)).toEqual(kept);
  });

  test('has values and whole paths where it asks for them itself, but never where secrets lie', () => {
    const [workload] = keptPlan(planOf({ keepValues: true }), home).workloads;
    expect(workload).toMatchObject({
      environment: { PASSWORD: 'hush-variable', USER: null },
      image: { path: '/home/me/app', buildArgs: { TOKEN: 'hush-argument' }, secrets: [{ id: 'key' }] },
    });
    expect(JSON.stringify(workload)).not.toContain('/home/me/key');
  });
});

describe('a record that is kept', () => {
  const recordOf = (plan: Plan) => {
    const run = { ...fakeRun(), plan };
    run.environment = {
      ...run.environment,
      commands: [
        {
          workload: 'web',
          target: 'container',
          line: ['docker', 'run', '--workdir', '/home/me/inside', 'web'],
        },
        { workload: 'web', target: 'vm:direct', line: ['qemu', '-initrd', '/home/me/.cache/tare/x.cpio'] },
      ],
    };
    run.failure = { code: 'write-failed', path: '/home/me/.local/share/tare', reason: 'ENOSPC' };
    return run;
  };

  test('writes home as ~ wherever it is named, but for what is inside of a container', () => {
    const kept = keptRun(recordOf(planOf()), home);
    expect(kept.failure).toMatchObject({ path: '~/.local/share/tare' });
    expect(kept.environment.commands.map(({ line }) => line.join(' '))).toEqual([
      'docker run --workdir /home/me/inside web',
      'qemu -initrd ~/.cache/tare/x.cpio',
    ]);
  });

  test.each([
    ['/home/me', '~'],
    ['file=/home/me/a,b', 'file=~/a,b'],
    ['unix:///home/me/docker.sock', 'unix://~/docker.sock'],
    ['/home/me2/a', '/home/me2/a'],
    ['/home/me-too', '/home/me-too'],
    ['/mnt/home/me/a', '/mnt/home/me/a'],
    ['/home/you', '/home/you'],
  ])('knows the home folder in %s', (text, kept) => {
    const run = {
      ...recordOf(planOf()),
      failure: { code: 'program-failed' as const, program: 'x', exit: '', output: text },
    };
    expect(keptRun(run, home).failure).toMatchObject({ output: kept });
  });

  test('a home with signs of patterns in it is a path too', () => {
    const run = {
      ...recordOf(planOf()),
      failure: { code: 'write-failed' as const, path: '/h+(x)/a', reason: '' },
    };
    expect(keptRun(run, '/h+(x)').failure).toMatchObject({ path: '~/a' });
  });

  test('loses its values when it is handed on, whatever is kept', () => {
    const run = recordOf(planOf({ keepValues: true }));
    expect(JSON.stringify(keptRun(run, home))).toMatch(/hush-variable.*\/home\/me\/\.cache/);
    const shared = sharedRecord(run, home);
    expect(JSON.stringify(shared)).not.toMatch(/hush|\/home\/me\/(?!inside)/);
    expect(shared.plan).not.toHaveProperty('keepValues');
  });

  test('is left as it is where nobody has a home of his own', () => {
    const run = recordOf(planOf());
    expect(keptRun(run, undefined).failure).toBeDefined();
  });
});
