/** A plain process must end with Tare, however Tare ends: nobody else would stop it. */
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, it } from 'vitest';
import { processes, startTicks } from '../../main/engine/base/process/proc';
import { createProcessTarget } from '../../main/engine/measure/targets/process/target';
import { openScope, ready } from '../qemu/machines';
import { sharedCache } from '../support/cache';
import { handed, treeOf } from '../support/plainProcess';
import { debianImage, exported, testKit } from '../support/images';

let debian: string;
beforeAll(async () => void (debian = await debianImage()));

/** Lines of a program that starts what it is given as Tare does, and stays. */
const parent = `const [program, ...words] = process.argv.slice(1);
const stdio = ['ignore', ...[1, 2, 3, 4, 5, 6].map(() => 'inherit')];
require('node:child_process').spawn(program, words, { detached: true, stdio });
setInterval(() => {}, 1000);`;

it.each([
  ['as root', ['uid=0', 'gid=0']],
  ['as a user of the image’s, whose change makes the kernel forget its parent', ['uid=1000', 'gid=1000']],
  ['in a user namespace', []],
])('dies with its parent %s', async (_, user) => {
  const privileged = user.length > 0;
  const scope = openScope();
  const target = createProcessTarget({
    cacheFolder: sharedCache(),
    ensureKit: testKit,
    exportImage: ({ image }) => exported(image.reference),
    privileged,
  });
  const seconds = String(7_000_000 + Math.floor(Math.random() * 1_000_000));
  const command = ['sh', '-c', `setsid sleep ${seconds} & sleep ${seconds}`];
  const { commandLine } = await target.prepare(await ready(debian, { command }), scope);
  const stdio: StdioOptions = [
    'ignore',
    'ignore',
    'inherit',
    ...(await handed(privileged, [...user, 'env=PATH=/usr/bin:/bin'])),
  ];
  const words = ['-e', parent, ...commandLine];
  const child = spawn(process.execPath, words, { stdio, cwd: treeOf(commandLine) });
  const sleepers = () =>
    processes().filter(
      ({ pid, words: [program, argument] }) =>
        program === 'sleep' && argument === seconds && startTicks(pid) !== undefined,
    );
  await expect.poll(() => sleepers().length).toBe(2);
  child.kill('SIGKILL');
  await once(child, 'close');
  await expect.poll(() => sleepers().length).toBe(0);
  scope.close();
});
