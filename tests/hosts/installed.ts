/** The .deb as a user of Debian has it: installed by apt, used by whoever is not root, opened once, purged. */
import { existsSync } from 'node:fs';
import type { GuestPart } from '../../main/contract/machine';
import { version } from '../../package.json';
import { user } from './base';
import { endOf, found, patience, trialsOf, type Finding, type Terminal } from './findings';
import { debFile } from './parcel';
import type { WindowFacts } from './window';

const notLooked = [
  '/proc',
  '/sys',
  '/run',
  '/dev',
  '/mnt',
  '/var/cache',
  '/var/log',
  '/var/tmp',
  '/var/tare',
].concat(
  ['apt', 'dpkg', 'ucf', 'docker', 'containerd'].map((name) => `/var/lib/${name}`),
  `/home/${user}/tare`,
);

/** The system's packages, and its files by path, without what engines and the packages' own tools write down. */
const note = (when: 'before' | 'after'): string =>
  `dpkg-query -W | sort >/var/tmp/packages-${when}
find / -xdev ${notLooked.map((folder) => `-path ${folder} -prune -o`).join(' ')} -print | sort >/var/tmp/${when}`;

/** Of what came with it apt keeps what another package recommends. */
const purgeRest = `dpkg-query -W | sort | comm -13 /var/tmp/packages-before - | cut -f1 | xargs -r apt-get purge -qy`;

/** His own: an uninstalled program leaves it. A cache without parts of the guest shows those that the package brings. */
const data = `/home/${user}/installed`;
const asInstalled = `unset -f tare
cd ~
export XDG_DATA_HOME=${data}/data XDG_CONFIG_HOME=${data}/config XDG_CACHE_HOME=${data}/cache
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
`;

const window = `${asInstalled}cd ~/tare && node_modules/.bin/vite-node tests/hosts/window.ts`;

export async function installed({ type }: Terminal): Promise<Finding[]> {
  if (!existsSync(debFile)) return [found(`npm run package:here -- deb has made ${debFile}`, false)];
  const screen = await type('apt-get update -q && apt-get install -qy xvfb', 'root');
  if (screen.exit !== 0) return [found('there is a virtual screen', false, endOf(screen))];
  await type(note('before'), 'root');
  const install = await type(`apt-get install -qy ./${debFile}`, 'root');
  if (install.exit !== 0) return [found('apt installs it', false, endOf(install))];

  const told = await type(`${asInstalled}command -v tare; tare --version`);
  const parts = (await type(`${asInstalled}tare guest list --json`)).json as GuestPart[] | undefined;
  const quick = await type(`${asInstalled}tare run quick --targets process,container ${patience} --json`);
  const machine = await type(
    `${asInstalled}tare run quick --targets container,vm:micro --trials 1 ${patience} --json`,
  );
  const shown = await type(window);
  const facts = shown.json as WindowFacts | undefined;

  const purge = await type('apt-get purge -qy --autoremove tare', 'root');
  await type(`rm -rf ${data}`);
  await type(purgeRest, 'root');
  await type(note('after'), 'root');
  const left = await type('comm -13 /var/tmp/before /var/tmp/after', 'root');
  const lost = await type('comm -23 /var/tmp/before /var/tmp/after', 'root');
  const named = (what: string, findings: Finding[]) =>
    findings.map((finding) => ({ ...finding, what: `${what}: ${finding.what}` }));
  return [
    found('apt installs it', true),
    found(
      'tare is on PATH, in this version',
      told.stdout.trim() === `/usr/bin/tare\n${version}`,
      told.stdout + told.stderr,
    ),
    found(
      'the parts of the guest are the package’s',
      parts?.length === 2 && parts.every(({ facts: part }) => part?.origin === 'package'),
      JSON.stringify(parts),
    ),
    ...named('process and container', trialsOf(quick)),
    ...named('vm:micro', trialsOf(machine)),
    found('its window opens', shown.exit === 0 && facts?.heading !== undefined, endOf(shown)),
    found('its page is in Chromium’s sandbox', facts?.isConfined === true, JSON.stringify(facts)),
    found('nothing goes wrong in it', facts?.problems.length === 0, JSON.stringify(facts?.problems)),
    found('apt purges it', purge.exit === 0, endOf(purge)),
    found('nothing of it is left', left.stdout.trim() === '', left.stdout),
    found('nothing else is gone', lost.stdout.trim() === '', lost.stdout),
  ];
}
