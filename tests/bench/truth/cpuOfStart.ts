/**
 * The CPU time of a start against an account that Tare has no part in: a control group of the kernel's around all that works for the
 * instance. A container's shim is started in it by a script in its place, and all that it runs stays there until the engine moves the
 * container into a group of its own, which is added. For the others this process itself is in it, and what it used is taken off.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Plan } from '../../../main/contract/plan';
import type { BaseTarget } from '../../../main/contract/targets';
import { cpuMs } from '../../../main/engine/base/process/cpu';
import { processes } from '../../../main/engine/base/process/proc';
import { findProgram } from '../../../main/engine/base/process/programs';
import { createResources } from '../../../main/engine/measure/resources';
import { openSettings } from '../../../main/engine/base/settings/settings';
import { sleep } from '../../../main/engine/base/signals';
import { median } from '../../../main/engine/results/statistics/summary';
import { createContainerTarget } from '../../../main/engine/measure/targets/docker/target';
import type { Instance } from '../../../main/engine/measure/targets/target';
import { waitReady } from '../../../main/engine/measure/workloads/readiness';
import { sharedCache } from '../../support/cache';
import { webOnFreePort } from '../../support/engine';
import { figure } from '../figures';

const starts = 10;
/** The application has answered by then, and what its start left to do is done. */
const soakMs = 500;

/** A group that counts CPU time, in whichever hierarchy does that here; this process must be root. */
function openAccount() {
  const first = '/sys/fs/cgroup/cpuacct';
  const [root, counter, toMs] = existsSync(first)
    ? [first, 'cpuacct.usage', (text: string) => Number(text) / 1e6]
    : ['/sys/fs/cgroup', 'cpu.stat', (text: string) => Number(/usage_usec (\d+)/.exec(text)![1]) / 1e3];
  const folder = path.join(root, `tare-bench-${process.pid}`);
  mkdirSync(folder);
  return {
    members: path.join(folder, 'cgroup.procs'),
    cpuMs: () => toMs(readFileSync(path.join(folder, counter), 'utf8')),
    close: () => {
      writeFileSync(path.join(root, 'cgroup.procs'), `${process.pid}`); // on cgroup v2, from wherever it was
      rmdirSync(folder);
    },
  };
}

type Account = ReturnType<typeof openAccount>;

/** The engine looks for the shim of a runtime `….NAME.v2` by this name, where its own programs are. */
const shimFile = `/usr/local/bin/containerd-shim-tarebench${process.pid}-v2`;
const shimRuntime = `tare.tarebench${process.pid}.v2`;

/** Puts a shim there that joins the account and becomes the engine's usual one. */
async function placeShim({ members }: Account): Promise<void> {
  const shim = await findProgram('containerd-shim-runc-v2');
  if (shim === undefined) throw new Error('no containerd-shim-runc-v2');
  writeFileSync(shimFile, `#!/bin/sh\necho $$ >${members}\nexec ${shim} "$@"\n`, { mode: 0o755 });
}

/** What every start needs, without a run around it. */
async function opened(target: BaseTarget) {
  const data = mkdtempSync(path.join(os.tmpdir(), 'tare-data-'));
  const settings = openSettings({ dataFolder: data, cacheFolder: sharedCache() });
  const resources = createResources({ assetsFolder: path.resolve('assets') }, settings, () => {});
  const scope = resources.scope(new AbortController().signal);
  const plan = Plan.parse({ name: 'cpu', workloads: [await webOnFreePort()], targets: [target], trials: 1 });
  const ready = (await resources.resolve(plan, scope)).values().next().value!;
  const made =
    target === 'container'
      ? createContainerTarget({ docker: (await resources.docker()).docker, runtime: shimRuntime })
      : await resources.target(target, scope);
  const prepared = await made.prepare(ready, scope);
  const { limits, probe } = plan.workloads[0]!;
  return {
    start: async (): Promise<Instance> => {
      const instance = await prepared.start(limits, () => {}, scope);
      await waitReady(instance, probe, scope.signal, { lastAnswer: '' });
      return instance;
    },
    close: () => {
      resources.close();
      rmSync(data, { recursive: true });
    },
  };
}

/** Of this process, all its threads. */
const ownMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** What of a container's is in other groups: its processes, which the engine has moved into one, and its proxy, which is dockerd's child. */
async function besideShim(instance: Instance): Promise<number> {
  const proxies = processes().filter(
    ({ words }) => words[words.indexOf('-host-port') + 1] === `${instance.port}`,
  );
  return (await instance.read()).cpuMs! + proxies.reduce((sum, { pid }) => sum + cpuMs(pid)!, 0);
}

/** Prints what Tare tells of a start, and what the account does. */
export async function cpuOfStart(target: BaseTarget): Promise<void> {
  const account = openAccount();
  const isContainer = target === 'container';
  try {
    if (isContainer) await placeShim(account);
    else writeFileSync(account.members, `${process.pid}`);
    const { start, close } = await opened(target);
    const [told, counted, ratios]: number[][] = [[], [], []];
    try {
      for (let turn = 0; turn < starts; turn += 1) {
        const [before, ownBefore] = [account.cpuMs(), ownMs()];
        const instance = await start();
        await sleep(soakMs);
        const all = (await instance.cpuMs())!;
        const outside = isContainer ? await besideShim(instance) : ownBefore - ownMs();
        const accountMs = account.cpuMs() - before + outside;
        told!.push(all);
        counted!.push(accountMs);
        ratios!.push(all / accountMs);
        await instance[Symbol.asyncDispose]();
      }
    } finally {
      close();
    }
    figure(`${target}: CPU of a start, as Tare tells it`, told!);
    figure(`${target}: by the kernel's account of its own`, counted!);
    const ratio = median(ratios!);
    const sign = Math.abs(ratio - 1) <= 0.1 ? '✓' : '✗';
    console.log(
      `${sign} ${target}: ratio, median of ${starts}`.padEnd(53),
      `${ratio.toFixed(3)}   must be 0.9 to 1.1`,
    );
  } finally {
    rmSync(shimFile, { force: true });
    account.close();
  }
}
