/** What is checked on each host: one entry each, by Tare's own command line as a person types it. */
import type { CleanReport, DoctorReport } from '../../main/contract/machine';
import type { IsolationReport } from '../../main/contract/work/isolation';
import { user } from './base';
import { elsewhere } from './elsewhere';
import { endOf, found, patience, threeApps, trialsOf, type Finding, type Terminal } from './findings';
import { installed } from './installed';
import { knownAnswers } from './knownAnswers';

interface Check {
  id: string;
  /** as the table of results names it */
  title: string;
  /** after which what is typed is killed */
  limitMinutes: number;
  look: (terminal: Terminal) => Promise<Finding[]>;
}

export const checks: readonly Check[] = [
  {
    id: 'doctor',
    title: 'doctor',
    limitMinutes: 15,
    async look({ host, type }) {
      let typed = await type('tare doctor --json');
      if (
        (typed.json as DoctorReport | undefined)?.checks.some(
          ({ failure }) => failure?.code === 'kit-missing',
        )
      ) {
        await type('tare guest build');
        typed = await type('tare doctor --json');
      }
      const report = typed.json as DoctorReport | undefined;
      const why = (id: string) =>
        JSON.stringify(report?.targets.find((target) => target.id === id)?.why ?? endOf(typed));
      const isHere = (id: string) =>
        report?.targets.some((target) => target.id === id && target.available) ?? false;
      const missing = report?.checks.flatMap(({ name, standing }) => (standing === 'missing' ? [name] : []));
      const { missing: expected = [] } = host;
      return [
        found(
          `nothing${expected.length > 0 ? ` but ${expected.join(', ')}` : ''} is missing`,
          missing?.join() === expected.join(),
          missing?.join() ?? endOf(typed),
        ),
        ...host.usable.map((id) => found(`${id} can be used`, isHere(id), why(id))),
      ];
    },
  },
  {
    id: 'quick',
    title: 'quick: process and container',
    limitMinutes: 30,
    look: async ({ type }) =>
      trialsOf(await type(`tare run quick --targets process,container ${patience} --json`)),
  },
  {
    id: 'vm',
    title: 'quick: vm:direct, once',
    limitMinutes: 60,
    look: async ({ type }) =>
      trialsOf(await type(`tare run quick --targets container,vm:direct --trials 1 ${patience} --json`)),
  },
  {
    id: 'three-apps',
    title: 'three-apps: containers',
    limitMinutes: 45,
    look: async ({ type }) => trialsOf(await type(threeApps)),
  },
  { id: 'memory', title: 'known answers of memory', limitMinutes: 45, look: knownAnswers(user) },
  { id: 'memory-root', title: 'the same, as root', limitMinutes: 45, look: knownAnswers('root') },
  {
    id: 'isolation',
    title: 'isolation',
    limitMinutes: 30,
    async look({ type }) {
      const typed = await type('tare isolation --targets process,container --json');
      const report = typed.json as IsolationReport | undefined;
      const subjects = report?.subjects ?? [];
      const unread = (report?.rows ?? []).flatMap(({ fact, sights }) =>
        sights
          .filter(({ standing }) => standing === 'unreadable')
          .map(({ target }) => `${fact} of ${target}`),
      );
      return [
        found('it ends well', typed.exit === 0, endOf(typed)),
        ...subjects.map(({ target, failure }) =>
          found(`${target} was looked into`, !failure, JSON.stringify(failure)),
        ),
        found(
          'every fact was seen from both sides',
          report !== undefined && unread.length === 0,
          unread.join(', '),
        ),
      ];
    },
  },
  {
    id: 'clean',
    title: 'kill -9, then clean',
    limitMinutes: 20,
    async look({ type }) {
      const engine = `docker ps --all --quiet --filter label=tare.session; docker network ls --quiet --filter label=tare.session`;
      const killed = await type(`
        node dist/main/cli.cjs run quick --targets container --trials 50 </dev/null >/dev/null 2>&1 &
        for try in $(seq 600); do [ "$(docker ps --quiet --filter label=tare.session)" ] && break; sleep 0.5; done
        kill -KILL $! && ${engine}`);
      const cleaned = await type('tare clean --json');
      const report = cleaned.json as CleanReport | undefined;
      const again = await type('tare clean --dry-run --json');
      const rest = await type(
        `${engine}; pgrep --uid $(id -u) --full tare-[0-9a-f]; ls -d /tmp/tare-* 2>/dev/null; true`,
      );
      return [
        found('a run was killed with a container up', killed.stdout.trim() !== '', endOf(killed)),
        found('clean removes it', cleaned.exit === 0 && (report?.removed.length ?? 0) > 0, endOf(cleaned)),
        found('clean keeps nothing', report?.kept.length === 0, JSON.stringify(report?.kept)),
        found('a second clean finds nothing', isNothing(again.json), again.stdout),
        found('no container, network, process or folder is left', rest.stdout.trim() === '', rest.stdout),
      ];
    },
  },
  { id: 'package', title: 'the .deb, installed and purged', limitMinutes: 60, look: installed },
  { id: 'elsewhere', title: 'the engine elsewhere', limitMinutes: 60, look: elsewhere },
  {
    id: 'tests',
    title: 'tests of containers',
    limitMinutes: 90,
    async look({ type }) {
      const files = ['container', 'memory', 'isolation', 'leftovers'].map(
        (name) => `tests/docker/${name}.test.ts`,
      );
      const typed = await type(`
        export TARE_TEST_BESIDE=n
        npx vitest run --project docker --reporter=json --testTimeout=900000 --hookTimeout=1800000 ${files.join(' ')}`);
      const report = typed.json as VitestReport | undefined;
      if (!report) return [found('the tests begin', false, endOf(typed))];
      return report.testResults.flatMap(({ name, message, assertionResults }) =>
        assertionResults.length === 0
          ? [found(name, false, message)]
          : assertionResults
              .filter(({ status }) => status === 'passed' || status === 'failed')
              .map(({ fullName, status, failureMessages }) =>
                found(fullName, status === 'passed', failureMessages?.join('\n')),
              ),
      );
    },
  },
];

const isNothing = (report: unknown): boolean => {
  const { removed, kept } = (report ?? {}) as Partial<CleanReport>;
  return removed?.length === 0 && kept?.length === 0;
};

interface VitestReport {
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
}
