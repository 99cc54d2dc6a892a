import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { recordedShellLine } from '../../../main/contract/commandLine';

const heard = (line: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { env: { ...process.env, HOME: '/home/my self' } })
    .toString()
    .split('\n')
    .slice(0, -1);

test('a shell reads ~ in a machine’s line as the home folder of whoever types it', () => {
  const line = ['qemu', '~/x y', 'if=none,file=~/a b,id=1', '~', 'a~/b', '~x', "it's", ''];
  expect(heard(recordedShellLine({ target: 'vm:direct', line }))).toEqual([
    ...['qemu', '/home/my self/x y', 'if=none,file=/home/my self/a b,id=1', '/home/my self'],
    ...['a~/b', '~x', "it's", ''],
  ]);
});

test('in a container’s line it is what the container reads', () => {
  expect(heard(recordedShellLine({ target: 'container', line: ['docker', '--workdir', '~/x'] }))[2]).toBe(
    '~/x',
  );
});
