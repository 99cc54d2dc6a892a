import type { Failure, FailureCode } from '../../main/contract/failures';

const examples: { [C in FailureCode]: Omit<Extract<Failure, { code: C }>, 'code'> } = {
  'bad-input': { problems: ['trials: must be at least 1'] },
  'plan-unreadable': { path: '/tmp/plan.yaml', reason: 'ENOENT' },
  'preset-unknown': { name: 'quik', known: ['quick', 'three-apps'] },
  'target-unknown': { target: 'vm:tiny', known: ['container', 'vm:direct'] },
  'image-unknown': { reference: 'nosuch:1', reason: 'pull access denied' },
  'image-without-command': { reference: 'empty:1' },
  'image-without-port': { reference: 'portless:1' },
  'image-not-linux': { reference: 'win:1', platform: 'windows/amd64', here: 'linux/amd64' },
  'build-failed': { path: '/src/app', step: 'RUN make', output: 'make: *** no rule\n' },
  'build-folder-unusable': { path: '/src/app', reason: 'ENOENT' },
  'memory-short': { neededBytes: 7 * 1024 ** 3, availableBytes: 2 * 1024 ** 3, floorBytes: 256 * 1024 ** 2 },
  'docker-unreachable': {
    tried: [
      { source: 'DOCKER_HOST', endpoint: 'tcp://10.0.0.1:2375', reason: 'ECONNREFUSED' },
      { source: 'default', endpoint: '/var/run/docker.sock', reason: 'EACCES' },
    ],
  },
  'docker-refused': { operation: 'create', status: 409, reason: 'name in use' },
  'target-unsupported': { target: 'process', reason: 'not-linux' },
  'port-taken': { port: 8080 },
  'tool-missing': { program: 'qemu-system-x86_64', package: 'qemu-system-x86' },
  'kit-missing': { folder: '/cache/kit' },
  'kit-damaged': { file: '/cache/kit/vmlinuz' },
  'kit-failed': { step: 'download', output: 'Temporary failure resolving' },
  'kernel-missing': { folder: '/cache/kernel' },
  'kernel-damaged': { file: '/cache/kernel/vmlinux' },
  'accelerator-unusable': { accelerator: 'kvm', reason: 'ioctl failed' },
  'disk-short': { path: '/cache', neededBytes: 1024 ** 3, availableBytes: 1024 },
  'write-failed': { path: '/out/run.json', reason: 'EROFS' },
  'program-failed': { program: 'mkfs.erofs', exit: 'exit 1', output: 'bad option\n' },
  'guest-refused': { reason: 'exec: no such file', output: 'init: exec failed\n' },
  'not-ready': { waitedMs: 60_000, lastPhase: 'exec', lastAnswer: 'connection refused' },
  'ended-early': { exit: 'exit 3', output: 'no such option\n' },
  'not-stopped': { what: 'tare-1-vm-2' },
  'budget-spent': { budgetMs: 300_000 },
  'run-unknown': { id: '20260801-120000-0001' },
  'run-unreadable': { path: '/data/run.json', reason: 'ENOENT' },
  'run-too-new': { path: '/data/run.json', found: 9, supported: 1 },
  'not-comparable': { base: '20260801-120000-0001', other: '20260802-120000-0002' },
  'run-under-way': { id: '20260801-120000-0001' },
  stopped: {},
  bug: { message: 'x is not a function', stack: 'TypeError: x is not a function\n    at y (z.ts:1:1)' },
};

/** One example of every failure there is; a new code does not compile without one. */
export const everyFailure = Object.entries(examples).map(([code, facts]) => ({ code, ...facts }) as Failure);
