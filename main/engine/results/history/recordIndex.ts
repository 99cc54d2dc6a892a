/**
 * What follows from each kept record, in one file, so that a question about ten thousand runs parses ten thousand records once and no
 * more. The records stay the truth: an entry counts only while its record is the file that it was made from, and an index that is missing,
 * damaged or made by another version of Tare is made anew.
 */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { version as tareVersion } from '../../../../package.json';
import type { RunId } from '../../../contract/run/run';

/** Who made an index: the number changes with what entries hold. */
const maker = `${tareVersion} 4`;

/** What an entry was made from: time, size and number of the record's file. */
type Stamp = string;

interface Kept<T> {
  tare: string;
  /** see `noted` */
  note: string;
  entries: Record<RunId, [Stamp, T]>;
}

interface Source<T> {
  /** of the index */
  file: string;
  /** what follows from a record; undefined where it will change soon, or cannot be told: it is asked for again next time */
  derive: (id: RunId) => Promise<T | undefined>;
}

/** The answer is complete but for what `derive` leaves out. */
export interface Indexed<T> {
  values: Map<RunId, T>;
  /** what was noted when the index was last kept */
  note: string;
  /** keeps `values` as they are now, with a note of what else they rest on */
  keep(note: string): Promise<void>;
  /** whether any value is not in the file yet, or one in the file has no record any more */
  changed: boolean;
}

const atOnce = 16;

/** @param records  where each of them lies */
export async function readIndex<T>(
  records: ReadonlyMap<RunId, string>,
  { file, derive }: Source<T>,
): Promise<Indexed<T>> {
  const before = await load<T>(file);
  const entries = new Map<RunId, [Stamp, T]>();
  const unknown: [RunId, Stamp][] = [];
  for (const [id, record] of records) {
    const stamp = stampOf(record);
    if (stamp === undefined) continue;
    const entry = before.entries[id];
    if (entry?.[0] === stamp) entries.set(id, entry);
    else unknown.push([id, stamp]);
  }
  // in turns, each as soon as an earlier one is done: all at once would hold all their texts in memory
  const next = unknown.values();
  const derived = new Map<RunId, [Stamp, T]>();
  const work = async () => {
    for (const [id, stamp] of next) {
      const value = await derive(id);
      if (value !== undefined) derived.set(id, [stamp, value]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const [id, entry] of derived) entries.set(id, entry);
  const values = new Map([...entries].map(([id, [, value]]) => [id, value]));
  return {
    values,
    note: before.note,
    changed: derived.size > 0 || entries.size !== Object.keys(before.entries).length,
    async keep(note) {
      const stamped = [...values].map(([id, value]) => [id, [entries.get(id)![0], value]]);
      const kept = { tare: maker, note, entries: Object.fromEntries(stamped) as Kept<T>['entries'] };
      // where it cannot be kept, as in a folder that is only read, the next question takes longer
      await writeFileAtomic(file, JSON.stringify(kept), { fsync: false }).catch(() => undefined);
    },
  };
}

function stampOf(file: string): Stamp | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.mtimeMs} ${found.size} ${found.ino}`;
}

async function load<T>(file: string): Promise<Kept<T>> {
  const none = { tare: maker, note: '', entries: {} };
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Kept<T>;
    const isOurs = kept.tare === maker && typeof kept.note === 'string' && typeof kept.entries === 'object';
    return isOurs && kept.entries !== null ? kept : none;
  } catch {
    return none;
  }
}
