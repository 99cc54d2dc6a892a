/** Tare on this computer, with the engine of a host: what it tells of three containers there is held against what Tare reads of them in the host. */
import type { Run } from '../../main/contract/run/run';
import { found, threeApps, trialsOf, type Finding, type Terminal } from './findings';
import type { Way } from './reach';
import type { Weight } from './weigh';

const ways: readonly Way[] = ['ssh', 'tls'];
const bound = 0.03;
/** Long enough to be read in the host meanwhile, also by one that is emulated. */
const held = `${threeApps} --soak 4m`;

/** What was read last, by workload, while they were up; one that is just being removed has no figure any more. */
function lastOf(lines: string): Map<string, number> {
  const weights = lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Weight);
  return new Map(
    weights.flatMap(({ container, hostBytes }) =>
      hostBytes === undefined ? [] : [[/-([a-z]+)-\d+$/.exec(container)?.[1] ?? '', hostBytes]],
    ),
  );
}

function sameAs(inside: Map<string, number>, run: Run | undefined): Finding[] {
  return (run?.trials ?? []).map(({ workload, memory: { hostBytes = NaN } }) => {
    const own = inside.get(workload) ?? NaN;
    const isSame = Math.abs(hostBytes / own - 1) <= bound;
    return found(`${workload} weighs what is read there`, isSame, `${hostBytes} bytes, there ${own}`);
  });
}

/** The machine there, the process here that is that machine, and the reader. */
function scalesOf(run: Run | undefined, kernel: string): Finding[] {
  const { where, machine, machineProcess, reader } = run?.environment.engine ?? {};
  return [
    found('the engine is elsewhere', where === 'elsewhere', where),
    found('the machine there is told', machine?.kernel === kernel, JSON.stringify(machine)),
    found(
      'the process that is the machine is told',
      /^qemu/.test(machineProcess?.name ?? '') && machineProcess!.hostBytes > 0,
      JSON.stringify(machineProcess),
    ),
    found('the reader’s own memory is told', reader?.hostBytes !== undefined, JSON.stringify(reader)),
  ];
}

export async function elsewhere({ type, typeHere }: Terminal): Promise<Finding[]> {
  const kernel = (await type('uname -r')).stdout.trim();
  const findings: Finding[] = [];
  for (const way of ways) {
    const running = typeHere(way, held);
    const weighing = type('timeout 25m node dist/weigh.mjs', 'root');
    const typed = await running;
    if (!typed) continue;
    const run = typed.json as Run | undefined;
    const all = [
      ...trialsOf(typed),
      ...sameAs(lastOf((await weighing).stdout), run),
      ...scalesOf(run, kernel),
    ];
    findings.push(...all.map((finding) => ({ ...finding, what: `${way}: ${finding.what}` })));
  }
  const left = await type(`docker ps --all --quiet --filter label=tare.session
    docker network ls --quiet --filter label=tare.session; docker images --format '{{.Repository}}' | grep programs; true`);
  return [...findings, found('nothing is left there', left.stdout.trim() === '', left.stdout)];
}
