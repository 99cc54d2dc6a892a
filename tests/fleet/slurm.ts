/**
 * `npx vite-node tests/fleet/slurm.ts [-- NAME …]`: the recipe for Slurm on a cluster of two nodes, each with its own dockerd: a job that comes to
 * its end, one that is cancelled, and one whose time is up. Needs root, Docker, Debian's slurmctld, slurmd and slurm-client, and
 * `npm run build`; about three minutes on two cores. Ends with 1 when something was found wrong.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { leftOn, runningOn, Scenes, sessionPrefix, webPlan } from './scenes';
import { openStage, type StagedHost } from './stage';

const folder = mkdtempSync('/tmp/scenes-'); // which all of them see, as the folder that nodes share
const at = (name: string) => path.join(folder, name);
const stage = await openStage(['node1', 'node2']);
const [first, second] = stage.hosts as [StagedHost, StagedHost];
const scenes = new Scenes(
  process.argv.slice(2).filter((word) => word !== '--'),
  () => stage.hosts.flatMap(leftOn),
);

function writeCluster(): void {
  const ofHost = (name: string) => path.join('/run', name);
  writeFileSync(
    at('slurm.conf'),
    [
      'ClusterName=scenes',
      `SlurmctldHost=${first.name}(${first.address})`,
      ...[
        'SlurmUser=root',
        'AuthType=auth/slurm',
        'CredType=cred/slurm',
        'ProctrackType=proctrack/linuxproc',
      ],
      ...[`StateSaveLocation=${at('state')}`, `SlurmdSpoolDir=${ofHost('slurmd')}`],
      ...[`SlurmctldPidFile=${ofHost('slurmctld.pid')}`, `SlurmdPidFile=${ofHost('slurmd.pid')}`],
      ...[`SlurmctldLogFile=${at('slurmctld.log')}`, `SlurmdLogFile=${at('%n.log')}`],
      ...stage.hosts.map(({ name, address }) => `NodeName=${name} NodeAddr=${address} CPUs=2`),
      'PartitionName=all Nodes=ALL Default=YES',
    ].join('\n') + '\n',
  );
  writeFileSync(at('cgroup.conf'), 'CgroupPlugin=disabled\n');
  writeFileSync(at('slurm.key'), randomBytes(1024), { mode: 0o600 });
  mkdirSync(at('state'));
  const variables = `DOCKER_HOST=unix:///run/docker.sock TARE_LOCK_DIR=/run TARE_SESSION_PREFIX=${sessionPrefix}`;
  const command = `${process.execPath} ${path.resolve('dist/main/cli.cjs')}`;
  writeFileSync(at('tare'), `#!/bin/sh\nexec env ${variables} ${command} "$@"\n`, { mode: 0o755 });
}

const slurm = (...words: string[]): string =>
  first.inside('env', `SLURM_CONF=${at('slurm.conf')}`, `TARE=${at('tare')}`, ...words);

/** @returns its number */
function submit(trials: number, ...options: string[]): string {
  const plan = at(`plan-${trials}.json`);
  writeFileSync(plan, JSON.stringify(webPlan(trials)));
  const usual = ['--parsable', '--nodes=2', '--exclusive', `--chdir=${folder}`];
  return slurm('sbatch', ...usual, ...options, path.resolve('assets/recipes/slurm.sh'), plan);
}

const isOver = (job: string): boolean => slurm('squeue', '--noheader', '--jobs', job) === '';

/** Resolves once both nodes measure. */
async function underWay(job: string): Promise<void> {
  while (runningOn(first) === 0 || runningOn(second) === 0) {
    if (isOver(job)) throw new Error(`job ${job} ended before`);
    await sleep(100);
  }
}

/** Waits until a job has ended. @returns how it and each node's run have */
async function endOf(job: string): Promise<string> {
  while (!isOver(job)) await sleep(500);
  const state = /JobState=(\w+)/.exec(slurm('scontrol', 'show', 'job', job))?.[1];
  const runs = stage.hosts.map(({ name }) => {
    const run = JSON.parse(readFileSync(at(`run-${name}.json`), 'utf8')) as {
      state: string;
      trials: { outcome: string }[];
    };
    const ok = run.trials.filter(({ outcome }) => outcome === 'ok').length;
    return `${name}: ${run.state}${run.state === 'done' ? `, ${ok} trials ok` : ''}`;
  });
  return [state, ...runs].join('; ');
}

try {
  writeCluster();
  first.inside('slurmctld', '-f', at('slurm.conf'));
  for (const { inside } of stage.hosts) inside('slurmd', '-f', at('slurm.conf'));
  while (slurm('sinfo', '--noheader', '--states=idle', '--format=%D') !== '2') await sleep(200);

  await scenes.play('all', async () => {
    const told = await endOf(submit(2));
    return [told, told === 'COMPLETED; node1: done, 2 trials ok; node2: done, 2 trials ok'];
  });
  await scenes.play('cancelled', async () => {
    const job = submit(20);
    await underWay(job);
    slurm('scancel', job);
    const told = await endOf(job);
    return [told, told === 'CANCELLED; node1: stopped; node2: stopped'];
  });
  await scenes.play('out-of-time', async () => {
    const job = submit(50, '--time=00:01:00', '--signal=TERM@30');
    await underWay(job);
    const told = await endOf(job);
    return [told, /^\w+; node1: stopped; node2: stopped$/.test(told)];
  });
} finally {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = scenes.wrong > 0 ? 1 : 0;
