/** One thing about a VM changed: it still serves, and the recorded line shows the change. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReadyWorkload } from '../../main/engine/image/facts';
import { debianImage, scratchImage } from '../support/images';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { mebibyte, openScope, page, ready, runIn, variant } from './machines';

noMinimalKernel();
let scratch: ReadyWorkload;
beforeAll(async () => {
  scratch = await ready(await scratchImage());
});

const limits = { memoryBytes: 256 * mebibyte, cpus: 1 };

async function served(id: string): Promise<string> {
  const scope = openScope();
  const prepared = await variant(id).prepare(scratch, scope);
  const instance = await prepared.start(limits, () => undefined, scope);
  expect((await page(instance)).body).toBe('hello from scratch\n');
  const { reservedBytes } = await instance.measure();
  expect(reservedBytes).toBe(id.includes('memory=64M') ? 64 * mebibyte : 256 * mebibyte);
  expect((await instance.disk()).vmDiskBytes).toBeGreaterThan(0);
  expect(await instance.stop()).toBe('polite');
  scope.close();
  return prepared.commandLine.join(' ');
}

describe('a PC with the distribution’s kernel', () => {
  it.each([
    ['vm:direct+entry=bzimage', /-kernel \S+vmlinuz /],
    ['vm:direct+firmware=qboot', /-bios qboot\.rom /],
  ])('%s', async (id, shown) => {
    expect(await served(id)).toMatch(shown);
  });
});

describe.runIf(minimalKernelIsHere)('with the small kernel', () => {
  it.each([
    ['vm:direct+kernel=minimal', /-machine q35.* -kernel \S+\/kernel-\w+\/vmlinux /],
    ['vm:micro+disk=squashfs', /\.squashfs/],
    ['vm:micro+disk=ext4', /\.ext4/],
    ['vm:micro+console=off', /-append quiet/],
    [
      'vm:micro+cpus=2+memory=64M+console=verbose+reporting=off',
      /-m 64M -smp 2 .* virtio-balloon-device,id=balloon$/,
    ],
  ])('%s', async (id, shown) => {
    expect(await served(id)).toMatch(shown);
  });

  it('vm:micro+disk=initramfs has the whole image in memory: links, owners, and set-user-id bits', async () => {
    expect(await served('vm:micro+disk=initramfs')).not.toContain('virtio-blk');
    const script =
      'test $(id -u) != 0 && root-id -u && readlink /bin && stat -c %U /home/alice && find /usr -links +1 -type f | wc -l';
    const changes = { command: ['sh', '-c', script], user: 'alice' };
    const on = variant('vm:micro+disk=initramfs');
    const { exit, output } = await runIn(await debianImage(), changes, 1024 * mebibyte, { on });
    expect({ exit, output }).toEqual({
      exit: 'exit 0',
      output: expect.stringMatching(/^0\nusr\/bin\nalice\n[1-9]\d*\n$/) as string,
    });
  });
});
