/** What is secret stays so: a planted value, and the name of a home folder, are in nothing that is kept, shown or handed on. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { PlanInput } from '../../main/contract/plan';
import type { Run } from '../../main/contract/run/run';
import { folderTag } from '../../main/engine/images/image/build/build';
import { sharedCache } from '../support/cache';
import { runToEnd, testEngine, webOnFreePort } from '../support/engine';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { leftovers } from '../support/leaks';

noMinimalKernel();

const unique = () => `hush${randomBytes(9).toString('hex')}`;
const byValue = unique();
const byName = unique();
const person = unique();
const secrets = { byValue, byName, person };

let folder: string;
let home: string;
let begunMs: number;
/** which lies in the home folder that the tests have otherwise */
const cache = sharedCache();
const before = Object.fromEntries(
  ['HOME', 'TARE_TEST_SECRET', 'TARE_TEST_CACHE'].map((name) => [name, process.env[name]]),
);
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-secrets-'));
  home = path.join(folder, person);
  mkdirSync(home);
  begunMs = Date.now();
  process.env.TARE_TEST_CACHE = cache;
  process.env.HOME = home;
  process.env.TARE_TEST_SECRET = byName;
});
afterEach(() => {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  rmSync(folder, { recursive: true, force: true });
});

/** Where each secret was found: its name and the place, as often as it is there. */
class Hits {
  readonly found: string[] = [];
  private readonly sought: [string, Buffer][];

  constructor(names: readonly (keyof typeof secrets)[] = ['byValue', 'byName', 'person']) {
    this.sought = names.map((name) => [name, Buffer.from(secrets[name])]);
  }

  look(place: string, content: Buffer): void {
    for (const [name, secret] of this.sought)
      if (content.includes(secret)) this.found.push(`${name} in ${place}`);
  }

  /** what was written below it since the test began */
  files(root: string, place: string): void {
    for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && statSync(file).ctimeMs >= begunMs)
        this.look(`${place}: ${path.relative(root, file)}`, readFileSync(file));
    }
  }
}

/** What every user of the computer can read of all that runs. */
function commandLines(hits: Hits): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`);
      hits.look(`command line of ${words.toString().split('\0')[0]}`, words);
    } catch {
      // it has ended
    }
}

/** A run while whose instances are up all command lines are read, and then all that it left. */
async function look(plan: Omit<PlanInput, 'name' | 'trials'>): Promise<{ run: Run; hits: string[] }> {
  const data = path.join(home, 'data');
  const engine = testEngine(data);
  const seen = new Hits(['byValue', 'byName']); // while it runs, a person is told where his folder lies
  const all = new Hits();
  engine.onEvent((event) => {
    if (['phase', 'progress', 'samples'].includes(event.kind)) commandLines(seen);
    seen.look(
      `event ${event.kind}`,
      Buffer.from(JSON.stringify({ ...event, text: undefined, progress: undefined })),
    );
  });
  const run = await runToEnd(engine, {
    name: 'secrets',
    trials: 1,
    warmups: 0,
    soakMs: 500,
    coolDownMs: 0,
    ...plan,
  });
  const out = path.join(folder, 'out');
  const telling = { locale: 'en', published: false } as const;
  for (const format of ['html', 'md', 'csv', 'json', 'svg', 'png', 'card'] as const)
    await engine.exportRun({ id: run.id, format, path: path.join(out, format), ...telling });
  all.look('answer of run', Buffer.from(JSON.stringify(run)));
  seen.look('answer of work', Buffer.from(JSON.stringify(await engine.work({}))));
  await engine.close();
  all.files(data, 'data');
  all.files(out, 'export');
  all.files(cache, 'cache');
  return { run, hits: [...new Set([...seen.found, ...all.found])].sort() };
}

it('a value that a workload is given is on no disk, no screen and no command line, on any target', async () => {
  const targets = ['process', 'container', 'vm:direct', ...(minimalKernelIsHere ? ['vm:snapshot'] : [])];
  const web = await webOnFreePort();
  const environment = { ...web.environment, PLANTED: byValue, TARE_TEST_SECRET: null };
  const { run, hits } = await look({ workloads: [{ ...web, environment }], targets });
  expect(run.trials.map(({ target, outcome }) => `${target} ${outcome}`).sort()).toEqual(
    targets.map((target) => `${target} ok`).sort(),
  );
  expect(hits).toEqual([]);
  expect(run.plan.workloads[0]!.environment).toMatchObject({ PLANTED: null, TARE_TEST_SECRET: null });
  expect(run.environment.given).toEqual([expect.objectContaining({ workload: 'web' })]);
  expect(leftovers(run.session)).toEqual([]);
});

it('nor is what a build is given, and a folder’s path begins at home', async () => {
  const app = path.join(home, 'app');
  mkdirSync(app);
  const base = execFileSync('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', 'tare/web'])
    .toString()
    .split('\n')[0]!;
  writeFileSync(path.join(app, 'Dockerfile'), `FROM ${base}\nARG PLANTED\nARG TARE_TEST_SECRET\n`);
  const image = {
    kind: 'folder' as const,
    path: app,
    buildArgs: { PLANTED: byValue, TARE_TEST_SECRET: null },
  };
  const tag = folderTag(app, { buildArgs: { PLANTED: byValue, TARE_TEST_SECRET: byName } });
  onTestFinished(() => void execFileSync('docker', ['image', 'rm', tag]));
  const limits = { memoryBytes: 2 ** 26 };
  const { run, hits } = await look({
    workloads: [{ name: 'app', image, port: 8080, limits }],
    targets: ['container'],
  });
  expect([run.failure, run.trials.map(({ outcome }) => outcome)]).toEqual([undefined, ['ok']]);
  expect(hits).toEqual([]);
  expect(run.plan.workloads[0]!.image).toMatchObject({ path: '~/app', buildArgs: { PLANTED: null } });
});
