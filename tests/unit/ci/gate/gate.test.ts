/** The steps of the action and of the job for GitLab, run as they are there, with a `tare` that measures nothing. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runAction, type Job } from '../../../support/gate/action';
import { commitAll, git, makeRepository } from '../../../support/gate/repository';
import { fakeTare, runs } from './fakeTare';

const gateFolder = path.resolve(import.meta.dirname, '../../../../.ci');

let home: string;
let workspace: string;
let base: string;
let head: string;
const inWorkspace = (...names: string[]) => path.join(workspace, ...names);
const reports = () => readdirSync(inWorkspace('tare-report')).sort();

beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'tare-gate-')));
  workspace = makeRepository(path.join(home, 'work'));
  writeFileSync(inWorkspace('Dockerfile'), 'FROM scratch\n# one\n');
  base = commitAll(workspace, '2026-11-20');
  writeFileSync(inWorkspace('Dockerfile'), 'FROM scratch\n# two\n');
  head = commitAll(workspace, '2026-11-24');
});
afterEach(() => rmSync(home, { recursive: true }));

function acted(job: Partial<Job> = {}, fake = fakeTare(home)) {
  const environment = { ...fake.environment, ...job.environment };
  return runAction({ workspace, runner: path.join(home, 'runner'), ...job, environment });
}

/** Words of the call that measures. */
const measured = (fake = fakeTare(home)) => fake.calls().find((words) => words[1] === 'ab') ?? [];

describe.runIf(process.platform === 'linux')('the gate', () => {
  it('holds the checkout against its parent, and says which commits these are', async () => {
    const { code, outputs, stderr } = await acted();
    expect([code, stderr, outputs]).toEqual([0, '', 'regression=false\n']);
    expect(measured()).toEqual([
      '--lang=en',
      'ab',
      '--targets=container',
      '--fail-on=regression',
      `--a=commit=${base} 2026-11-20`,
      `--b=commit=${head} 2026-11-24`,
      '--confirm',
      '--trials=10',
      '--minimum=5%',
      `--out=${inWorkspace('tare-report/run.json')}`,
      '--',
      inWorkspace('tare-report/.trees/base'),
      inWorkspace('tare-report/.trees/head'),
    ]);
    expect(reports()).toEqual(['junit.xml', 'run.html', 'run.json', 'run.md', 'run.txt', 'summary.md']);
  });

  it('ends with 4 where Tare does, and brings the records of both runs', async () => {
    const { code, outputs, summary } = await acted({}, fakeTare(home, { FAKE_EXIT: '4' }));
    expect([code, outputs]).toEqual([4, 'regression=true\n']);
    expect(summary).toBe(`**found in both runs**\n\nsummary of ${runs[0]}\n\nsummary of ${runs[1]}\n`);
    expect(readFileSync(inWorkspace('tare-report/junit.xml'), 'utf8')).toBe(`junit of ${runs[1]}\n`);
    expect(reports()).toEqual(expect.arrayContaining(['run.html', 'run-confirm.html', 'run-confirm.json']));
    const told = fakeTare(home, { FAKE_EXIT: '4' });
    const { code: passed, outputs: found } = await acted({ inputs: { 'fail-on': 'nothing' } }, told);
    expect([passed, found]).toEqual([0, 'regression=true\n']);
    await acted();
    expect(reports(), 'of an earlier job').not.toContain('run-confirm.json');
  });

  it('ends as Tare does where nothing was measured', async () => {
    const { code, outputs } = await acted({}, fakeTare(home, { FAKE_EXIT: '2' }));
    expect([code, outputs, reports()]).toEqual([2, 'regression=false\n', ['run.txt', 'summary.md']]);
  });

  it('prints nothing that is a command to the runner', async () => {
    const { stdout, summary } = await acted();
    const [, token] = /^::stop-commands::([0-9a-f]{32})\n/.exec(stdout) ?? [];
    expect(stdout.indexOf(`\n::${token}::\n`)).toBeGreaterThan(stdout.indexOf('::error::not for the runner'));
    expect(summary).toBe(`summary of ${runs[0]}\n\n`);
  });

  it.each(['$(touch PWNED)', '`touch PWNED`', '"; touch PWNED; "', '--out=/tmp/x', 'a\ntouch PWNED', '*'])(
    'hands %j on as it is',
    async (hostile) => {
      const inputs = { port: hostile, probe: hostile, memory: hostile, targets: hostile, trials: hostile };
      const { code } = await acted({ inputs: { ...inputs, 'base-image': hostile, 'head-image': hostile } });
      expect(code).toBe(0);
      const words = measured();
      for (const name of Object.keys(inputs)) expect(words).toContain(`--${name}=${hostile}`);
      expect(words.slice(-3)).toEqual(['--', hostile, hostile]);
      expect(existsSync(inWorkspace('PWNED'))).toBe(false);
    },
  );

  it('builds what was committed, and nothing else', async () => {
    writeFileSync(inWorkspace('Dockerfile'), 'FROM dirty\n');
    writeFileSync(inWorkspace('.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${home}/hooked\n`, {
      mode: 0o755,
    });
    const fake = fakeTare(home, { FAKE_HANGS: 'yes' });
    let seen: unknown;
    const { code } = await acted(
      {
        meanwhile: (step) =>
          void expect
            .poll(fake.begun)
            .toBe(true)
            .then(() => {
              const trees = inWorkspace('tare-report/.trees');
              seen = ['base', 'head'].map((side) => [
                readdirSync(path.join(trees, side)),
                readFileSync(path.join(trees, side, 'Dockerfile'), 'utf8'),
              ]);
              step.kill('SIGINT');
            }),
      },
      fake,
    );
    expect(seen).toEqual([
      [['Dockerfile'], 'FROM scratch\n# one\n'],
      [['Dockerfile'], 'FROM scratch\n# two\n'],
    ]);
    expect([code, fake.ended()], 'a job that is cancelled').toEqual([130, true]);
    expect(existsSync(path.join(home, 'hooked'))).toBe(false);
    expect(existsSync(inWorkspace('tare-report/.trees'))).toBe(false);
    expect(git(workspace, ['status', '--porcelain', '--untracked-files=no'])).toBe('M Dockerfile');
  });

  it('names the merge that GitHub makes of a pull request by the commit that it merges', async () => {
    git(workspace, ['checkout', '--quiet', '-b', 'topic', base]);
    const topic = commitAll(workspace, '2026-11-22');
    git(workspace, ['checkout', '--quiet', '--detach', 'main']);
    git(workspace, ['merge', '--quiet', '--no-ff', '--message=merge', 'topic'], '2026-11-25');
    await acted({ environment: { GITHUB_REF: 'refs/pull/7/merge' } });
    expect(measured().filter((word) => word.includes('commit='))).toEqual([
      `--a=commit=${head} 2026-11-24`,
      `--b=commit=${topic} 2026-11-22`,
    ]);
  });

  it('names images by commits only where it was told them', async () => {
    const images = { 'base-image': 'shop:1', 'head-image': 'shop:2' };
    await acted({ inputs: images, workspace: home });
    expect(measured().slice(-2)).toEqual(['shop:1', 'shop:2']);
    expect(measured().join()).not.toContain('commit=');
    rmSync(path.join(home, 'log'));
    await acted({ inputs: { ...images, base, head } });
    expect(measured()).toEqual(expect.arrayContaining([`--b=commit=${head} 2026-11-24`]));
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a commit that is not there',
      { base: 'f'.repeat(40) },
      /ffff is no commit of this checkout.*fetch-depth/,
    ],
    ['what is no commit', { head: '--help' }, /--help is no commit/],
    ['a folder without a Dockerfile', { folder: 'nowhere' }, /has no nowhere\/Dockerfile/],
    ['a folder elsewhere', { folder: '../../..' }, /leads out of the repository/],
    ['a link to elsewhere', { folder: 'link' }, /leads out of the repository/],
    ['one image', { 'base-image': 'nginx' }, /go together/],
  ])('refuses %s', async (_, inputs, why) => {
    symlinkSync(home, inWorkspace('link'));
    writeFileSync(path.join(home, 'Dockerfile'), 'FROM scratch\n');
    commitAll(workspace);
    commitAll(workspace);
    const fake = fakeTare(home);
    const { code, stderr, outputs } = await acted({ inputs }, fake);
    expect([code, outputs, fake.calls()]).toEqual([2, '', []]);
    expect(stderr).toMatch(why);
  });
});

/** A copy of the gate without Tare: what would be installed and built is noted. */
function copied(): { gate: string; bin: string; done: () => string } {
  const [copy, bin, log] = ['tare', 'programs', 'done'].map((name) => path.join(home, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(path.join(copy, '.ci'), { recursive: true });
  mkdirSync(bin);
  copyFileSync(path.join(gateFolder, 'gate.sh'), path.join(copy, '.ci/gate.sh'));
  writeFileSync(path.join(copy, '.ci/setup.sh'), `echo "setup $*" >>${log}\n`);
  const npm = `#!/bin/sh\necho "npm $* in $PWD" >>${log}\nmkdir -p dist/main && echo 'console.log("measured")' >dist/main/cli.cjs\n`;
  writeFileSync(path.join(bin, 'npm'), npm);
  chmodSync(path.join(bin, 'npm'), 0o755);
  return { gate: path.join(copy, '.ci/gate.sh'), bin, done: () => readFileSync(log, 'utf8') };
}

describe.runIf(process.platform === 'linux')('where no tare is installed', () => {
  it.each([
    ['container', 'containers'],
    ['container,vm:direct', 'engines'],
    ['process', 'engines'],
  ])('%s: installs %s and builds its own', (targets, needed) => {
    const { gate, bin, done } = copied();
    const env = { PATH: `${bin}:${path.dirname(process.execPath)}:/usr/bin:/bin`, GATE_TARGETS: targets };
    const { status, stdout } = spawnSync('bash', [gate], { cwd: workspace, env, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, 'measured\n']);
    expect(done()).toBe(`setup ${needed}\nnpm run --silent build in ${path.join(home, 'tare')}\n`);
  });
});

describe.runIf(process.platform === 'linux')('the job for GitLab', () => {
  it('does the same, of a clone', () => {
    interface GitLabJob {
      script: string[];
      after_script: string[];
      variables: Record<string, string | number>;
      artifacts: { paths: string[]; reports: { junit: string } };
    }
    const { tare: job } = parse(readFileSync(path.join(gateFolder, 'gitlab.yml'), 'utf8')) as {
      tare: GitLabJob;
    };
    const repository = makeRepository(path.join(home, 'published'));
    mkdirSync(path.join(repository, '.ci'));
    copyFileSync(path.join(gateFolder, 'gate.sh'), path.join(repository, '.ci/gate.sh'));
    commitAll(repository);
    const fake = fakeTare(home, { FAKE_EXIT: '4' });
    const predefined: Record<string, string> = {
      CI_BUILDS_DIR: home,
      CI_JOB_ID: '12',
      CI_COMMIT_SHA: head,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
      TARE_REPOSITORY: `file://${repository}`,
      TARE_REVISION: 'main',
    };
    const named = Object.entries(job.variables).map(([name, text]): [string, string] => [
      name,
      String(text).replace(/\$(\w+)/g, (_, variable: string) => predefined[variable]!),
    ]);
    const env = { ...fake.environment, ...predefined, ...Object.fromEntries(named) };
    const shell = (lines: string[]) =>
      spawnSync('bash', ['-eo', 'pipefail', '-c', lines.join('\n')], {
        cwd: workspace,
        env,
        encoding: 'utf8',
      });
    const { status, stderr } = shell(job.script);
    expect(status, stderr).toBe(4);
    expect(measured(fake)).toEqual(
      expect.arrayContaining([`--a=commit=${base} 2026-11-20`, `--b=commit=${head} 2026-11-24`]),
    );
    expect(job.artifacts.paths).toEqual(['tare-report']);
    expect(existsSync(inWorkspace(job.artifacts.reports.junit))).toBe(true);
    expect(reports()).toContain('run.html');
    expect(shell(job.after_script).status).toBe(0);
    expect(readdirSync(home)).not.toContain('tare-12');
  });
});
