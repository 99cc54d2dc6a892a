/** What is the host's own, what is another, and what is hidden. Pure: two testimonies and the host's view of the process. */
import type { IsolationFact, Observation, Sight, Sharing } from '../../../contract/work/isolation';
import { tell, type NameIn } from '../../../contract/messages';
import type { Fact } from '../../../contract/report/report';
import type { HostView } from './host';
import { applicationPid, namesOf, type Testimony, type Try } from './testimony';

export interface Sides {
  host: Testimony;
  inside: Testimony;
  /** undefined when the host does not see the instance at all */
  outside?: HostView;
  /** process of the host that a process list of the host must hold: Tare's own */
  known: { pid: number; name: string };
  /** what the host's own service and file say: whoever tells it has reached them */
  word: string;
}

type Compared = Omit<Sight, 'target'>;

/** How far the two readings of one clock may lie apart: they are taken one after the other. */
const readingMs = 2000;

/** Host and instance have the very same kernel, not only the same version of it: only then can they share anything of it. */
const sharesKernel = ({ host, inside }: Sides): boolean =>
  host.boot !== undefined && host.boot === inside.boot;

const seen = (
  value: NameIn<'isolation.value'>,
  facts: Record<string, Fact>,
  evidence: string[],
): Observation => ({
  text: tell(`isolation.value.${value}`, facts),
  evidence,
});
const plain = (value: string, evidence = [value]): Observation => seen('plain', { value }, evidence);

interface Look<T> {
  of: (testimony: Testimony) => T | undefined;
  show: (value: T) => Observation;
  standing: (host: T, inside: T, sides: Sides) => Sharing;
}

/** A fact that both sides tell about themselves. */
function told<T>({ of, show, standing }: Look<T>) {
  return {
    host: (host: Testimony): Observation | undefined => {
      const value = of(host);
      return value === undefined ? undefined : show(value);
    },
    sight(sides: Sides): Compared {
      const [host, inside] = [of(sides.host), of(sides.inside)];
      return {
        standing: host === undefined || inside === undefined ? 'unreadable' : standing(host, inside, sides),
        ...(inside !== undefined && { inside: show(inside) }),
      };
    },
  };
}

const when = (isSame: boolean): Sharing => (isSame ? 'same' : 'different');
const sameSet = (a: string[], b: string[]): boolean => a.length === b.length && holdsAll(a, b);
const holdsAll = (all: string[], some: string[]): boolean => some.every((one) => all.includes(one));

const text = (of: Look<string>['of'], show: (value: string) => Observation = plain) =>
  told<string>({ of, show, standing: (host, inside) => when(host === inside) });

const processes = told({
  of: ({ processes }) => processes,
  show: (list) =>
    seen(
      'processes',
      { count: list.length },
      list.map(({ pid, name }) => `${pid} ${name}`),
    ),
  standing: (_, inside, sides) => {
    const { pid, name } = sides.known;
    return sharesKernel(sides) && inside.some((one) => one.pid === pid && one.name === name)
      ? 'same'
      : 'hidden';
  },
});

const namespaces = told({
  of: ({ namespaces }) => namespaces,
  show: (map) =>
    seen(
      'namespaces',
      { count: map.size },
      [...map].map(([name, identity]) => `${name} ${identity}`),
    ),
  standing: (host, inside, sides) => {
    const shared = sharedNames(host, inside, sides);
    return shared.length === inside.size ? 'same' : shared.length > 0 ? 'partly' : 'different';
  },
});

/** Namespaces that are the host's. The first ones of every kernel have the same numbers: they mean something only within one kernel. */
const sharedNames = (host: Map<string, string>, inside: Map<string, string>, sides: Sides): string[] =>
  sharesKernel(sides)
    ? [...inside].flatMap(([name, identity]) => (host.get(name) === identity ? [name] : []))
    : [];

/** Counts and names the namespaces that are the host's. */
function namedNamespaces(sides: Sides): Compared {
  const compared = namespaces.sight(sides);
  const { host, inside } = sides;
  if (!compared.inside || !host.namespaces || !inside.namespaces) return compared;
  const shared = sharedNames(host.namespaces, inside.namespaces, sides);
  const { evidence } = compared.inside;
  const of = inside.namespaces.size;
  const facts = { own: of - shared.length, of, names: shared.join(' ') };
  const value =
    compared.standing === 'partly'
      ? seen('namespaces-partly', facts, evidence)
      : compared.standing === 'same'
        ? seen('namespaces-shared', { names: facts.names }, evidence)
        : seen('namespaces-own', {}, evidence);
  return { ...compared, inside: value };
}

/** Is the application a process of the host? */
function ownProcess({ inside, outside }: Sides): Compared {
  const pid = applicationPid(inside);
  const own =
    pid === undefined ? {} : { inside: seen('pid', { pid: String(pid) }, [`${pid} ${nameIn(inside, pid)}`]) };
  if (!outside) return { standing: 'unreadable', ...own };
  const key = outside.kind === 'application' ? 'pid-outside' : 'pid-machine';
  const view = seen(key, { pid: String(outside.pid), name: outside.name }, [
    `${outside.pid} ${outside.name}`,
  ]);
  return { standing: outside.kind === 'application' ? 'same' : 'hidden', ...own, outside: view };
}

const nameIn = ({ processes = [] }: Testimony, pid: number): string =>
  processes.find((one) => one.pid === pid)?.name ?? '';

/** Is root inside also root outside? */
function user(sides: Sides): Compared {
  const { inside, outside } = sides;
  const show = (uid: number) => seen('uid', { uid: String(uid) }, [`uid=${uid}`]);
  const own = inside.uid === undefined ? {} : { inside: show(inside.uid) };
  if (inside.uid === undefined || !outside) return { standing: 'unreadable', ...own };
  const isSame = outside.kind === 'application' && outside.uid === inside.uid;
  return { standing: when(isSame), ...own, outside: show(outside.uid) };
}

const capabilities = told<bigint>({
  of: ({ capabilities }) => capabilities,
  show: (set) => {
    const names = namesOf(set);
    return seen('capabilities', { count: names.length }, [set.toString(16).padStart(16, '0'), ...names]);
  },
  standing: (host, inside, sides) => when(sharesKernel(sides) && (inside & host) === host),
});

const seccomp = told({
  of: ({ seccomp }) => seccomp,
  show: ({ mode, filters }) =>
    seen(mode === 0 ? 'seccomp-none' : 'seccomp-filter', { count: filters }, [
      `Seccomp: ${mode}`,
      `Seccomp_filters: ${filters}`,
    ]),
  standing: (host, inside, sides) =>
    when(sharesKernel(sides) && host.mode === inside.mode && host.filters === inside.filters),
});

const settings = told({
  of: ({ settings }) => settings,
  show: (way) => seen(`settings-${way}`, {}, [`/proc/sys/vm/swappiness: ${way}`]),
  standing: (_, inside, sides) => when(sharesKernel(sides) && inside === 'writable'),
});

const mounts = told({
  of: ({ mounts }) => mounts,
  show: (list) => {
    const root = list.findLast(({ point }) => point === '/')?.type ?? '?';
    return seen(
      'mounts',
      { count: list.length, root },
      list.map(({ line }) => line),
    );
  },
  standing: (host, inside, sides) => {
    const [theirs, own] = [host, inside].map((list) => list.map(({ line }) => line));
    return when(sharesKernel(sides) && sameSet(theirs!, own!));
  },
});

const interfaces = told<string[]>({
  of: ({ interfaces }) => interfaces,
  show: (list) => plain(list.map((line) => line.split(' ')[0]).join(' '), list),
  standing: (host, inside, sides) => when(sharesKernel(sides) && sameSet(host, inside)),
});

/** Something that the host has for itself alone, and that was looked for from inside. */
const planted = (name: 'loopback' | 'host-files', of: (inside: Testimony) => Try[] | undefined) => ({
  sight({ inside, word }: Sides): Compared {
    const tries = of(inside);
    if (!tries) return { standing: 'unreadable' };
    const reached = tries.filter(({ answer }) => answer === word).map(({ place }) => place);
    const evidence = tries.map(({ place, answer }) => `${place}: ${answer || '–'}`);
    return reached.length > 0
      ? { standing: 'same', inside: seen(`${name}-reached`, { places: reached.join(' ') }, evidence) }
      : { standing: 'hidden', inside: seen(`${name}-hidden`, {}, evidence) };
  },
});

/** Every container gets these two of its own, whatever else it is given. */
const ownTerminals = new Set(['character console', 'character ptmx']);

const devices = told<string[]>({
  of: ({ devices }) => devices,
  show: (list) => seen('devices', { count: list.length }, list),
  standing: (host, inside, sides) => {
    if (!sharesKernel(sides)) return 'different';
    return holdsAll(
      inside,
      host.filter((device) => !ownTerminals.has(device)),
    )
      ? 'same'
      : 'hidden';
  },
});

const processors = told({
  of: ({ processors }) => processors,
  show: ({ models, usable }) => {
    const model = models[0];
    return model === undefined
      ? seen('processors', { count: usable }, [])
      : seen('processors-model', { count: usable, model }, models);
  },
  standing: (host, inside) => when(host.usable === inside.usable && sameSet(host.models, inside.models)),
});

const memory = told<number>({
  of: ({ memoryBytes }) => memoryBytes,
  show: (bytes) => seen('memory', { size: { bytes } }, [`MemTotal: ${bytes / 1024} kB`]),
  standing: (host, inside) => when(host === inside),
});

const clock = told({
  of: ({ uptimeMs, clockMs }) => (uptimeMs === undefined ? undefined : { uptimeMs, clockMs }),
  show: ({ uptimeMs, clockMs }) =>
    seen('uptime', { time: { ms: uptimeMs } }, [
      `uptime ${uptimeMs / 1000} s`,
      ...(clockMs === undefined ? [] : [new Date(clockMs).toISOString()]),
    ]),
  standing: (host, inside) => when(Math.abs(host.uptimeMs - inside.uptimeMs) <= readingMs),
});

/** Told per instance: the host's clock goes on from one to the next. */
function clockAtOnce(sides: Sides): Compared {
  const outside = clock.host(sides.host);
  return { ...clock.sight(sides), ...(outside && { outside }) };
}

interface Comparison {
  host?: (host: Testimony) => Observation | undefined;
  sight: (sides: Sides) => Compared;
}

export const comparisons: Record<IsolationFact, Comparison> = {
  kernel: text(({ kernel }) => kernel),
  boot: text(
    ({ boot }) => boot,
    (id) => plain(id.split('-')[0]!, [id]),
  ),
  clock: { sight: clockAtOnce },
  hostname: text(({ hostname }) => hostname),
  processes,
  'own-process': { sight: ownProcess },
  namespaces: { host: namespaces.host, sight: namedNamespaces },
  user: { sight: user },
  capabilities,
  seccomp,
  settings,
  mounts,
  'host-files': planted('host-files', ({ hostFiles }) => hostFiles),
  interfaces,
  loopback: planted('loopback', ({ loopback }) => loopback),
  devices,
  memory,
  processors,
};

/** Commands with which a person can look for themselves. */
export const waysToLook: Record<IsolationFact, { inside: string; outside: string }> = {
  kernel: both('uname -r'),
  boot: both('cat /proc/sys/kernel/random/boot_id'),
  clock: both('cat /proc/uptime'),
  hostname: both('uname -n'),
  processes: both('ps'),
  'own-process': { inside: 'ps', outside: 'ps -ef | grep -e tare-isolation -e qemu' },
  namespaces: both('readlink /proc/self/ns/*'),
  user: { inside: 'id', outside: 'grep Uid /proc/PID/status' },
  capabilities: both('grep CapEff /proc/self/status'),
  seccomp: both('grep Seccomp /proc/self/status'),
  settings: both('sysctl -w vm.swappiness=$(cat /proc/sys/vm/swappiness)'),
  mounts: both('cat /proc/self/mounts'),
  'host-files': { inside: 'cat /tmp/mine /proc/1/root/tmp/mine', outside: 'date >/tmp/mine' },
  interfaces: both('cat /proc/net/dev'),
  loopback: { inside: 'nc 127.0.0.1 9999; nc GATEWAY 9999', outside: 'nc -l -p 9999 -s 127.0.0.1' },
  devices: both('ls /dev'),
  memory: both('head -n 1 /proc/meminfo'),
  processors: both('nproc; grep "model name" /proc/cpuinfo'),
};

function both(command: string): { inside: string; outside: string } {
  return { inside: command, outside: command };
}
