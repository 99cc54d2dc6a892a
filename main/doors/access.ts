import type { CallName } from '../contract/calls';
import type { Refusal } from '../contract/failures';
import { guardedSettings } from '../contract/settings';

type Fields = Readonly<Record<string, unknown>>;
/** Why a call with this input is not carried out; undefined when it is. */
type Rule = (input: Fields) => Refusal | undefined;

const yes: Rule = () => undefined;
const no =
  (reason: Refusal): Rule =>
  () =>
    reason;

const hasPath = (run: unknown): boolean => typeof run === 'object' && run !== null && 'path' in run;

const write = no('writes-anywhere');
const act = no('read-only');
const onlyTried: Rule = ({ dryRun }) => (dryRun === true ? undefined : 'read-only');
/** a folder of the person's own is read, but nothing is written into it */
const writeOwnFolder: Rule = (input) => (hasPath(input) ? 'writes-anywhere' : undefined);
/** paths would let a stranger look for files */
const readOwnFolder: Rule = (input) => (hasPath(input) ? 'own-folder-only' : undefined);
const compareKept: Rule = (input) =>
  Object.values(input).flat().some(hasPath) ? 'kept-runs-only' : undefined;
const renderHere: Rule = ({ format }) => (format === 'pdf' ? 'prints-elsewhere' : undefined);
/** anew, it starts a machine to see whether it is accelerated */
const doctorKnown: Rule = ({ again }) => (again ? 'starts-a-machine' : undefined);
/** whoever holds the token may measure, but must not point Tare at another program, engine or folder */
const changeLook: Rule = (input) =>
  guardedSettings.some((name) => Object.hasOwn(input, name)) ? 'places-guarded' : undefined;

const namesProgram = (host: unknown): boolean =>
  typeof host === 'object' && host !== null && Object.hasOwn(host, 'program');
/** as with settings: a page in a browser must not name a program to start, be it on another computer */
const addHost: Rule = (input) => (namesProgram(input) ? 'places-guarded' : undefined);
const lookAtHost: Rule = ({ host }) => (namesProgram(host) ? 'places-guarded' : undefined);
const startOnHosts: Rule = ({ hosts }) =>
  Array.isArray(hosts) && hosts.some(namesProgram) ? 'places-guarded' : undefined;

/** Where a page is that asks: in Tare's own window, in a browser on this computer, or in one beyond it. */
export type Asker = 'window' | 'browser' | 'beyond';

/**
 * Which doors have which calls; the command line has all of them. No page writes where it is told, as a page may be made to ask by
 * what it shows: the window asks the person for a place, a browser downloads. One beyond this computer reads what is here, and
 * starts, stops, writes and removes nothing.
 */
const access: { readonly [N in CallName]: Readonly<Record<Asker, Rule>> } = {
  addHost: { window: yes, browser: addHost, beyond: act },
  buildFolder: { window: yes, browser: yes, beyond: readOwnFolder },
  cache: { window: yes, browser: yes, beyond: yes },
  changeSettings: { window: yes, browser: changeLook, beyond: act },
  clean: { window: yes, browser: yes, beyond: onlyTried },
  compare: { window: yes, browser: yes, beyond: compareKept },
  compareFleets: { window: yes, browser: yes, beyond: compareKept },
  deletedRuns: { window: yes, browser: yes, beyond: yes },
  deleteRun: { window: yes, browser: yes, beyond: act },
  doctor: { window: yes, browser: yes, beyond: doctorKnown },
  doctorHost: { window: yes, browser: lookAtHost, beyond: act },
  experience: { window: yes, browser: yes, beyond: yes },
  exportRun: { window: write, browser: write, beyond: act },
  findImage: { window: yes, browser: yes, beyond: yes },
  fleet: { window: yes, browser: yes, beyond: yes },
  fleetRun: { window: yes, browser: yes, beyond: yes },
  followRun: { window: yes, browser: yes, beyond: yes },
  guestParts: { window: yes, browser: yes, beyond: yes },
  history: { window: yes, browser: yes, beyond: yes },
  hosts: { window: yes, browser: yes, beyond: act },
  images: { window: yes, browser: yes, beyond: yes },
  installOnHost: { window: yes, browser: no('places-guarded'), beyond: act },
  labelRun: { window: yes, browser: yes, beyond: act },
  presets: { window: yes, browser: yes, beyond: yes },
  previousRun: { window: yes, browser: yes, beyond: yes },
  readCompose: { window: yes, browser: yes, beyond: act },
  readRecord: { window: yes, browser: yes, beyond: yes },
  removeHost: { window: yes, browser: yes, beyond: act },
  removeImage: { window: yes, browser: yes, beyond: onlyTried },
  renderChart: { window: yes, browser: yes, beyond: yes },
  renderRun: { window: yes, browser: yes, beyond: renderHere },
  restoreRun: { window: yes, browser: yes, beyond: act },
  run: { window: yes, browser: yes, beyond: yes },
  runs: { window: yes, browser: yes, beyond: yes },
  samples: { window: yes, browser: yes, beyond: yes },
  saveBuildFolder: { window: yes, browser: writeOwnFolder, beyond: act },
  settings: { window: yes, browser: yes, beyond: yes },
  startJob: { window: yes, browser: yes, beyond: act },
  startRun: { window: yes, browser: startOnHosts, beyond: act },
  stopJob: { window: yes, browser: yes, beyond: act },
  stopRun: { window: yes, browser: yes, beyond: act },
  swarmNodes: { window: yes, browser: yes, beyond: act },
  underWay: { window: yes, browser: yes, beyond: yes },
  uninstallFromHost: { window: yes, browser: no('places-guarded'), beyond: act },
  work: { window: yes, browser: yes, beyond: yes },
};

/** Why a page does not get this call with this input; undefined when it does, or when the router is to say that there is none. */
export function refusal(asker: Asker, call: string, input: unknown): Refusal | undefined {
  const fields: Fields = typeof input === 'object' && input !== null ? (input as Fields) : {};
  if (!Object.hasOwn(access, call)) return asker === 'beyond' ? 'read-only' : undefined;
  return access[call as CallName][asker](fields);
}
