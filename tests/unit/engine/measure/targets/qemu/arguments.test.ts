import { describe, expect, it } from 'vitest';
import {
  machineBytes,
  qemuArguments,
  type VirtualMachine,
} from '../../../../../../main/engine/measure/targets/qemu/arguments';
import { reportingFull } from '../../../../../../main/engine/measure/targets/qemu/full/full';
import { microvm, ownPc, pc, q35 } from '../../../../../../main/engine/measure/targets/qemu/profiles';

const vm: VirtualMachine = {
  profile: q35,
  boot: { kernel: '/kit/vmlinux', initrd: '/cache/a.cpio' },
  drives: [{ id: 'root', file: '/cache/a.erofs', writes: 'refused' }],
  memoryBytes: 256 * 1024 ** 2,
  cpus: 1,
  guestPort: 8080,
  hostPort: 40000,
  outgoing: false,
  accelerator: 'tcg',
  confinement: { sandbox: false },
};
const terminal = { kind: 'terminal' } as const;
const after = (words: string[], option: string): string => words[words.indexOf(option) + 1]!;
const kernelLine = (words: string[]): string[] => after(words, '-append').split(' ');

describe("QEMU's arguments", () => {
  it('are the whole line that was measured', () => {
    expect(qemuArguments(vm, { kind: 'inherited', name: 'tare-ab-vm-1' }).join(' ')).toMatchInlineSnapshot(
      `"-machine q35,smm=off,vmport=off,sata=off,usb=off,smbus=off -accel tcg -cpu max -m 256M -smp 1 -nodefaults -no-user-config -display none -no-reboot -name tare-ab-vm-1 -chardev socket,id=control,fd=3 -mon chardev=control,mode=control -chardev socket,id=output,fd=4 -serial chardev:output -chardev socket,id=agent,fd=5 -serial chardev:agent -trace enable=fw_cfg_select* -kernel /kit/vmlinux -initrd /cache/a.cpio -append console=ttyS0 quiet reboot=t panic=-1 8250.nr_uarts=2 mitigations=off nokaslr audit=0 apparmor=0 i8042.noaux i8042.nokbd i8042.nopnp cryptomgr.notests random.trust_cpu=on init_on_alloc=0 no_timer_check nolapic_timer -drive if=none,id=root,format=raw,read-only=on,file=/cache/a.erofs -device virtio-blk-pci,drive=root -netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:40000-:8080 -device virtio-net-pci,romfile=,netdev=net"`,
    );
  });

  it('of the small machine have neither PCI nor ACPI, and give free pages back', () => {
    const words = qemuArguments({ ...vm, profile: microvm }, { kind: 'inherited', name: 'tare-ab-vm-1' });
    expect(words.join(' ')).toMatchInlineSnapshot(
      `"-machine microvm,acpi=off -accel tcg,tb-size=64 -cpu max -m 256M -smp 1 -nodefaults -no-user-config -display none -no-reboot -name tare-ab-vm-1 -chardev socket,id=control,fd=3 -mon chardev=control,mode=control -chardev socket,id=output,fd=4 -serial chardev:output -chardev socket,id=agent,fd=5 -device isa-serial,chardev=agent,iobase=0x2f8,irq=3 -trace enable=fw_cfg_select* -kernel /kit/vmlinux -initrd /cache/a.cpio -append console=ttyS0 quiet reboot=t panic=-1 8250.nr_uarts=2 no_timer_check nolapic_timer noreplace-smp -drive if=none,id=root,format=raw,read-only=on,file=/cache/a.erofs -device virtio-blk-device,drive=root -netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:40000-:8080 -device virtio-net-device,netdev=net -device virtio-balloon-device,id=balloon,free-page-reporting=on"`,
    );
    const kvm = qemuArguments({ ...vm, profile: microvm, accelerator: 'kvm' }, terminal);
    expect(after(kvm, '-accel')).toBe('kvm');
    expect(kernelLine(kvm)).not.toContain('noreplace-smp');
  });

  it('leave the emulation-only words out under KVM, and use the real processor', () => {
    const kvm = qemuArguments({ ...vm, accelerator: 'kvm' }, terminal);
    expect(after(kvm, '-accel')).toBe('kvm');
    expect(after(kvm, '-cpu')).toBe('host');
    expect(kernelLine(kvm)).not.toContain('nolapic_timer');
    expect(kernelLine(qemuArguments(vm, terminal))).toContain('nolapic_timer');
  });

  it('need no descriptor and no socket when a person runs them', () => {
    const line = qemuArguments(vm, terminal).join(' ');
    expect(line).not.toMatch(/fd=|socket|-name/);
    expect(line).toContain('stdio');
  });

  it('take control from standard input when a script runs them', () => {
    const line = qemuArguments({ ...vm, profile: microvm }, { kind: 'scripted' }).join(' ');
    expect(line).toContain('-qmp stdio');
    expect(line).not.toMatch(/fd=|socket|-name/);
  });

  it.each([
    [0.2, '1'],
    [1, '1'],
    [1.5, '2'],
    [4, '4'],
  ])('give %d processors as %s', (cpus, given) => {
    expect(after(qemuArguments({ ...vm, cpus }, terminal), '-smp')).toBe(given);
  });

  it('give memory in whole MiB, never less than asked for', () => {
    expect(after(qemuArguments({ ...vm, memoryBytes: 100_000_000 }, terminal), '-m')).toBe('96M');
    expect(machineBytes(100_000_000)).toBe(96 * 1024 ** 2);
    expect(machineBytes(256 * 1024 ** 2)).toBe(256 * 1024 ** 2);
  });

  it('let a guest open connections only where the plan asks for it', () => {
    const network = (outgoing: boolean) => after(qemuArguments({ ...vm, outgoing }, terminal), '-netdev');
    expect(network(false)).toBe('user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:40000-:8080');
    expect(network(true)).toBe('user,id=net,hostfwd=tcp:127.0.0.1:40000-:8080');
  });

  it('keep QEMU from calls that it does not need, where it can', () => {
    const [without, sandboxed] = [false, true].map((sandbox) =>
      qemuArguments({ ...vm, confinement: { sandbox } }, terminal),
    );
    expect(without).not.toContain('-sandbox');
    expect(after(sandboxed!, '-sandbox')).toMatch(/^on,.*elevateprivileges=deny,spawn=deny/);
  });

  it('keep a comma in the disk’s path from ending its option', () => {
    const drives = [{ id: 'root', file: '/a,b/c.erofs', writes: 'refused' as const }];
    expect(after(qemuArguments({ ...vm, drives }, terminal), '-drive')).toContain('file=/a,,b/c.erofs');
  });

  it('open somebody’s own disk by its content’s format, above no other file, and write aside', () => {
    const diskVm: VirtualMachine = {
      profile: ownPc,
      drives: [
        { id: 'disk', file: '/srv/a,b.qcow2', own: 'qcow2', writes: 'aside' },
        { id: 'seed', file: '/c/s.img', writes: 'refused' },
      ],
      memoryBytes: 512e6,
      cpus: 1,
      guestPort: 80,
      hostPort: 99,
      outgoing: false,
      accelerator: 'tcg',
      confinement: { sandbox: false },
    };
    expect(qemuArguments(diskVm, { kind: 'inherited', name: 'tare-ab-vm-1' }).join(' ')).toBe(
      [
        '-machine q35,graphics=off -accel tcg -cpu max -m 489M -smp 1',
        '-nodefaults -no-user-config -display none -no-reboot -name tare-ab-vm-1',
        '-chardev socket,id=control,fd=3 -mon chardev=control,mode=control',
        '-chardev socket,id=output,fd=4 -serial chardev:output', // nobody in it would speak on a second line
        '-drive if=none,id=disk,snapshot=on,file=json:{"driver":"qcow2",,"backing":null,,"file":{"driver":"file",,"filename":"/srv/a,,b.qcow2"}}',
        '-device virtio-blk-pci,drive=disk,bootindex=0',
        '-drive if=none,id=seed,format=raw,read-only=on,file=/c/s.img -device virtio-blk-pci,drive=seed',
        '-netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:99-:80 -device virtio-net-pci,romfile=,netdev=net',
        '-device virtio-balloon-pci,id=balloon',
      ].join(' '),
    );
    const raw = { ...diskVm, drives: [{ ...diskVm.drives[0]!, own: 'raw' as const }] };
    expect(after(qemuArguments(raw, terminal), '-drive')).toContain('json:{"driver":"raw",,"file":');
  });

  it('of a PC that boots from its first disk are the whole line that was measured, and write to no disk', () => {
    const pcVm: VirtualMachine = {
      profile: pc,
      drives: [
        { id: 'system', file: '/c/sys,tem.img', writes: 'aside' },
        { id: 'image', file: '/c/a.erofs', writes: 'refused' },
        { id: 'unit', file: '/c/b.unit', writes: 'refused' },
      ],
      memoryBytes: 512e6,
      cpus: 1.5,
      guestPort: 80,
      hostPort: 99,
      outgoing: false,
      accelerator: 'tcg',
      confinement: { sandbox: false },
    };
    expect(qemuArguments(pcVm, { kind: 'inherited', name: 'tare-ab-vm-1' }).join(' ')).toBe(
      [
        '-machine q35 -accel tcg -cpu max -m 489M -smp 2',
        '-nodefaults -no-user-config -display none -no-reboot -name tare-ab-vm-1',
        '-chardev socket,id=control,fd=3 -mon chardev=control,mode=control',
        '-chardev socket,id=output,fd=4 -serial chardev:output -chardev socket,id=agent,fd=5 -serial chardev:agent',
        '-drive if=none,id=system,format=raw,snapshot=on,file=/c/sys,,tem.img',
        '-device virtio-blk-pci,drive=system,bootindex=0',
        '-drive if=none,id=image,format=raw,read-only=on,file=/c/a.erofs -device virtio-blk-pci,drive=image',
        '-drive if=none,id=unit,format=raw,read-only=on,file=/c/b.unit -device virtio-blk-pci,drive=unit',
        '-netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:99-:80 -device virtio-net-pci,romfile=,netdev=net',
        '-device virtio-balloon-pci,id=balloon',
      ].join(' '),
    );
  });

  it('of a full system that gives free pages back differ by its balloon alone', () => {
    const words = qemuArguments({ ...vm, profile: reportingFull.profile }, terminal);
    const usual = qemuArguments({ ...vm, profile: pc }, terminal);
    expect(words.slice(0, -1)).toEqual(usual.slice(0, -1));
    expect(words.at(-1)).toBe('virtio-balloon-pci,id=balloon,free-page-reporting=on');
  });

  it('boot a guest that is plugged memory with a quarter, and have PID 1 wait for the rest', () => {
    const profile = { ...q35, hotplug: true } as const;
    const words = qemuArguments({ ...vm, profile, memoryBytes: 512 * 1024 ** 2 }, terminal);
    expect(after(words, '-m')).toBe('size=128M,maxmem=512M');
    expect(words.join(' ')).toContain(
      '-object memory-backend-ram,id=plugged,size=402653184 -device virtio-mem-pci,id=hotplug,memdev=plugged,block-size=2097152,requested-size=402653184 ',
    );
    expect(kernelLine(words).slice(-3)).toEqual([
      'memhp_default_state=online_movable',
      'swiotlb=noforce',
      'plugged=402653184',
    ]);
    const huge = qemuArguments({ ...vm, profile: { ...profile, hugePages: true } }, terminal).join(' ');
    expect(huge.match(/memory-backend-memfd,id=(ram|plugged),size=134217728,hugetlb=on/g)).toHaveLength(2);
  });

  it('put a guest into huge pages as a whole', () => {
    const words = qemuArguments({ ...vm, profile: { ...q35, hugePages: true } }, terminal);
    expect(after(words, '-object')).toBe(
      `memory-backend-memfd,id=ram,size=${256 * 1024 ** 2},hugetlb=on,hugetlbsize=2M`,
    );
    expect(words.join(' ')).toContain('-machine memory-backend=ram');
  });
});
