/** Who may ask what of Tare, and what a call says of itself: doors and the page's link go by it. */
import type { z } from 'zod';
import type { Refusal } from './failures';
import { guardedSettings } from './settings';

/** Where a page is that asks: in Tare's own window, in a browser on this computer, or in one beyond it. */
export type Asker = 'window' | 'browser' | 'beyond';

type Fields = Readonly<Record<string, unknown>>;
/** Why a call with this input is not carried out; undefined when it is. */
type Rule = (input: Fields) => Refusal | undefined;

/**
 * Who is refused a call, and why; the command line has all of them. No page writes where it is told, as a page may be made to ask by
 * what it shows: the window asks the person for a place, a browser downloads. One beyond this computer reads what is here, and
 * starts, stops, writes and removes nothing.
 */
type Access = Partial<Record<Asker, Refusal | Rule>>;

/** What a call says of itself. A call that lacks one of these does not compile. */
interface Attributes {
  /** only what `reads` or `stops` may be sent again where its answer was lost: the others would begin or change something twice */
  effect: 'reads' | 'changes' | 'starts' | 'stops';
  /** `slow`: waits for other programs and computers, for a minute where these say nothing */
  speed: 'quick' | 'slow';
  /** the most that its input may have */
  mostBytes: number;
  access: Access;
}

/** An entry of a table of calls. */
export const entry = <A extends object, I extends z.ZodType>(attributes: A, input: I) => ({
  gives: <O>() => ({ ...attributes, input, output: undefined as O }),
});
export const call = <I extends z.ZodType>(attributes: Attributes, input: I) => entry(attributes, input);

/** Bytes of the input of most calls; the largest honest plan is a few tens of KiB. */
export const usualBytes = 1024 * 1024;
/** Bytes of a chart: a thousand rounds of all 64 targets, every measurement a point, take two MiB. */
export const largestChart = 4 * usualBytes;

export const reading: Attributes = { effect: 'reads', speed: 'quick', mostBytes: usualBytes, access: {} };
export const hereAlone: Access = { beyond: 'read-only' };
export const changing: Attributes = { ...reading, effect: 'changes', access: hereAlone };

const hasPath = (run: unknown): boolean => typeof run === 'object' && run !== null && 'path' in run;
const namesProgram = (host: unknown): boolean =>
  typeof host === 'object' && host !== null && Object.hasOwn(host, 'program');

export const onlyTried: Rule = ({ dryRun }) => (dryRun === true ? undefined : 'read-only');
/** a folder of the person's own is read, but nothing is written into it */
export const writesOwnFolder: Rule = (input) => (hasPath(input) ? 'writes-anywhere' : undefined);
/** paths would let a stranger look for files */
export const readsOwnFolder: Rule = (input) => (hasPath(input) ? 'own-folder-only' : undefined);
export const comparesKept: Rule = (input) =>
  Object.values(input).flat().some(hasPath) ? 'kept-runs-only' : undefined;
export const rendersHere: Rule = ({ format }) => (format === 'pdf' ? 'prints-elsewhere' : undefined);
/** anew, it starts a machine to see whether it is accelerated */
export const looksAgain: Rule = ({ again }) => (again ? 'starts-a-machine' : undefined);
/** whoever holds the token may measure, but must not point Tare at another program, engine or folder */
export const changesLook: Rule = (input) =>
  guardedSettings.some((name) => Object.hasOwn(input, name)) ? 'places-guarded' : undefined;
/** as with settings: a page in a browser must not name a program to start, be it on another computer */
export const namesNoProgram: Rule = (input) =>
  [input, input.host, ...(Array.isArray(input.hosts) ? (input.hosts as unknown[]) : [])].some(namesProgram)
    ? 'places-guarded'
    : undefined;
