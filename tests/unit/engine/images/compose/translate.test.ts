import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import type { TargetId } from '../../../../../main/contract/targets';
import { ComposeFile, withoutEscapes } from '../../../../../main/engine/images/compose/file';
import { planOfCompose, type ComposeAsked } from '../../../../../main/engine/images/compose/translate';
import { TareError } from '../../../../../main/engine/base/errors';

/** What Compose answered of tests/fixtures/compose/NAME.yaml, word by word. */
const answered = (name: string): unknown =>
  JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../../../../fixtures/compose', `${name}.json`), 'utf8'),
  );

type Services = Record<string, Record<string, unknown>>;

function planOf(services: Services, asked: ComposeAsked = {}, active = Object.keys(services)): Plan {
  return made({ name: 'shop', services }, asked, active);
}

function made(written: unknown, asked: ComposeAsked, active: string[]): Plan {
  const file = withoutEscapes(ComposeFile.parse(written));
  return Plan.parse(planOfCompose({ path: '/src/compose.yaml', file, active, warnings: [] }, asked));
}

const notesOf = ({ compose }: Plan) =>
  compose!.notes.map(({ kind, service, field }) => [kind, service, ...(field ? [field] : [])].join(' '));
const limited = { mem_limit: '67108864', cpus: 0.5 };
const app = { image: 'app:1', ...limited };
const both: TargetId[] = ['container', 'vm:snapshot'];

describe('a file as Compose prints it', () => {
  const plan = made(answered('shop'), { targets: both }, ['db', 'web']);

  test('becomes a plan whose services come up together, each after what it needs', () => {
    expect(plan).toMatchObject({ name: 'shop (compose)', arrangement: 'together', sharedNetwork: true });
    expect(plan.workloads.map(({ name }) => name)).toEqual(['db', 'web']);
    expect(plan.workloads[1]!.after).toEqual([{ workload: 'db', until: 'ready' }]);
    expect(plan.compose).toMatchObject({ file: 'compose.yaml', services: ['db', 'web'] });
  });

  test('keeps what a service is: image or build, words, environment, user, folder, port, limits, names', () => {
    expect(plan.workloads[0]).toMatchObject({
      image: { kind: 'reference', reference: 'postgres:17' },
      environment: { POSTGRES_PASSWORD: 'a$b', OTHER: '' },
      probe: { kind: 'postgresql' },
    });
    expect(plan.workloads[1]).toMatchObject({
      image: { kind: 'folder', path: '/src/shop', target: 'run', buildArgs: { A: '1' } },
      entrypoint: ['/x'],
      command: ['sh', '-c', 'echo $HOME'],
      workingDir: '/srv',
      openings: { user: '1000:1000' },
      port: 80,
      probe: { kind: 'http', path: '/' },
      limits: { memoryBytes: 64 * 1024 ** 2, cpus: 0.5 },
      aliases: ['www'],
    });
  });

  test('drops nothing silently', () =>
    expect(notesOf(plan)).toEqual([
      'profile cache',
      'not-given db volumes',
      'default-limits db mem_limit',
      'default-limits db cpus',
      'not-given web configs',
      'not-given web extra_hosts',
      'not-given web privileged',
      'no-effect web restart',
      'not-given web secrets',
      'not-given web tmpfs',
      'not-given web ulimits',
      'only-shared web',
      'one-instance web deploy.replicas',
      'one-network web networks',
      'one-port web ports',
    ]));
});

describe('which services are run', () => {
  const services = {
    db: app,
    web: { ...app, depends_on: { db: { condition: 'service_started' } } },
    tool: app,
  };

  test('those that Compose would start; others are named', () => {
    const plan = planOf(services, {}, ['db']);
    expect(plan.workloads.map(({ name }) => name)).toEqual(['db']);
    expect(notesOf(plan)).toEqual(['profile web', 'profile tool']);
  });

  test('those that are asked for, with what they need, whatever their profile', () =>
    expect(planOf(services, { services: ['web'] }, []).workloads.map(({ name }) => name)).toEqual([
      'db',
      'web',
    ]));

  test('one that the file does not have is refused, with those that it has', () =>
    expect(() => planOf(services, { services: ['wep'] })).toThrowError(
      expect.objectContaining({
        failure: {
          code: 'compose-service-unknown',
          path: '/src/compose.yaml',
          name: 'wep',
          known: ['db', 'web', 'tool'],
        },
      }) as Error,
    ));

  test.each([
    ['no-replicas', { ...app, deploy: { replicas: 0 } }],
    ['no-replicas', { ...app, scale: 0 }],
    ['no-image', { ...limited, build: { context: 'https://example.org/app.git' } }],
    ['no-image', { ...limited, build: { context: '/src', dockerfile_inline: 'FROM scratch' } }],
  ])('one with %s is left out, and so is what needs it', (kind, db) => {
    const plan = planOf({ ...services, db });
    expect(plan.workloads.map(({ name }) => name)).toEqual(['tool']);
    expect(notesOf(plan)).toEqual([`${kind} db`, 'needs-left-out web']);
  });

  test('one that others wait to end is left out: it gives no answer', () => {
    const web = {
      ...app,
      depends_on: { db: { condition: 'service_completed_successfully', required: false } },
    };
    expect(notesOf(planOf({ db: app, web }))).toEqual(['completes db']);
  });

  test('a name that no workload can have', () =>
    expect(notesOf(planOf({ ...services, _x: app }, { targets: ['container'] }))).toEqual(['unfit-name _x']));

  test('where none is left, it is said why', () => {
    const nothing = () => planOf({ db: { ...app, scale: 0 } });
    expect(nothing).toThrow(TareError);
    expect(nothing).toThrowError(
      expect.objectContaining({
        failure: {
          code: 'compose-empty',
          path: '/src/compose.yaml',
          notes: [{ kind: 'no-replicas', service: 'db' }],
        },
      }) as Error,
    );
  });
});

describe('where a service that needs others runs', () => {
  const needing: [string, object][] = [
    ['depends_on', { depends_on: { db: { condition: 'service_started' } } }],
    ['links', { links: ['db:database'] }],
    ['a URL', { environment: { DATABASE: 'postgres://u:p@db/x' } }],
    ['a host and port', { environment: { PEERS: 'web:1,db:5432' } }],
    ['a host', { environment: { DB_HOST: 'db' } }],
    ['its command', { command: ['serve', '--cache=db:6379'] }],
  ];

  test.each(needing)('told by %s: only where they reach each other', (_, more) => {
    const plan = planOf({ db: app, web: { ...app, ...more } }, { targets: both });
    expect(plan.workloads.find(({ name }) => name === 'web')!.targets).toEqual(['container']);
    expect(plan.workloads.find(({ name }) => name === 'db')!.targets).toBeUndefined();
    expect(notesOf(plan)).toEqual(['only-shared web']);
  });

  test.each(needing)('told by %s: nowhere, where no target can do that', (_, more) => {
    const plan = planOf({ db: app, web: { ...app, ...more } }, { targets: ['vm:snapshot'] });
    expect(plan.workloads.map(({ name }) => name)).toEqual(['db']);
    expect(notesOf(plan)).toEqual(['only-shared web']);
  });

  test('a setting that is called like a service by chance says nothing', () => {
    const db = { ...app, environment: { POSTGRES_USER: 'web', POSTGRES_DB: 'web' } };
    expect(notesOf(planOf({ db, web: app }, { targets: both }))).toEqual([]);
  });
});

describe('what is asked', () => {
  const one = (service: object) => {
    const plan = planOf({ web: { ...app, ...service } });
    const [{ port, probe }] = plan.workloads as [Plan['workloads'][number]];
    return { port, probe, notes: notesOf(plan) };
  };
  const page = { kind: 'http', path: '/' };

  test('the health check, at its own port', () => {
    const healthcheck = { test: ['CMD', 'curl', '-f', 'http://localhost:81/up'] };
    expect(one({ healthcheck, ports: [{ target: 80 }] })).toEqual({
      port: 81,
      probe: { kind: 'http', path: '/up' },
      notes: [],
    });
  });

  test('the page at the first TCP port where a check cannot be asked from outside, which is said', () => {
    const ports = [{ target: 53, protocol: 'udp' }, { target: 80 }];
    expect(one({ healthcheck: { test: ['CMD', 'nc', '-z', 'localhost', '80'] }, ports })).toEqual({
      port: 80,
      probe: page,
      notes: ['default-probe web healthcheck', 'one-port web ports'],
    });
  });

  test('a check that is switched off is none', () => {
    const checks = [{ disable: true, test: ['CMD', 'x'] }, { test: ['NONE'] }];
    for (const healthcheck of checks)
      expect(one({ healthcheck })).toEqual({ port: undefined, probe: page, notes: [] });
  });

  test('an exposed port counts where none is published', () =>
    expect(one({ expose: ['9/udp', '3000'] }).port).toBe(3000));

  test.each([
    ['docker.io/library/postgres:17', 'postgresql'],
    ['valkey/valkey:8', 'redis'],
    ['redis@sha256:00', 'redis'],
    ['my/postgres-web:1', 'http'],
  ])('%s is asked by %s', (image, kind) => expect(one({ image }).probe.kind).toBe(kind));
});

test('one service alone has no network, and no round together', () => {
  const plan = planOf({ web: app });
  expect(plan).toMatchObject({ arrangement: 'alone' });
  expect(plan.sharedNetwork).toBeUndefined();
});

test('limits of a deployment come first, and what no machine can have is replaced, which is said', () => {
  const deploy = { resources: { limits: { cpus: '0.25', memory: '134217728', pids: 5 } } };
  const plan = planOf({ web: { ...app, deploy } });
  expect(plan.workloads[0]!.limits).toEqual({ memoryBytes: 128 * 1024 ** 2, cpus: 0.25 });
  expect(notesOf(plan)).toEqual(['not-given web deploy.resources.limits.pids']);
  expect(notesOf(planOf({ web: { ...app, mem_limit: '1048576' } }))).toEqual([
    'default-limits web mem_limit',
  ]);
});

test('whatever needs what, each workload stands after all that it needs, and the plan is one', () => {
  const graph = fc
    .integer({ min: 1, max: 6 })
    .chain((count) =>
      fc.tuple(
        ...Array.from({ length: count }, (_, at) =>
          fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, at - 1) }), { maxLength: at }),
        ),
      ),
    );
  fc.assert(
    fc.property(graph, fc.constantFrom('service_started', 'service_healthy'), (needs, condition) => {
      // names in reverse, so that the order does not follow from the alphabet
      const name = (at: number) => `s${9 - at}`;
      const services = Object.fromEntries(
        needs.map((list, at) => [
          name(at),
          { ...app, depends_on: Object.fromEntries(list.map((one) => [name(one), { condition }])) },
        ]),
      );
      const { workloads } = planOf(services);
      expect(workloads).toHaveLength(needs.length);
      for (const [place, { after = [] }] of workloads.entries())
        for (const { workload } of after)
          expect(workloads.findIndex((one) => one.name === workload)).toBeLessThan(place);
    }),
  );
});
