/** What comes over the guest's serial lines. The words are those of assets/guest/init.c. */
import { signalName } from '../../base/process/exit';

/**
 * How far a guest is. Only a full system has firmware, a boot loader and a kernel that speak up, and only one that several applications
 * share waits to be told to start them.
 */
export const bootPhases = ['firmware', 'loader', 'kernel', 'init', 'waiting', 'network', 'exec'] as const;
export type BootPhase = (typeof bootPhases)[number];

export type GuestMark =
  | { kind: BootPhase }
  /** time and random numbers are those that it was given */
  | { kind: 'renewed' }
  | { kind: 'refused'; reason: string; text: string }
  /** the application's end, worded as in Ending */
  | { kind: 'exit'; exit: string }
  | { kind: 'meminfo'; bytes: Record<string, number> }
  /** of one of several applications in the guest, by its place among them */
  | { kind: 'application'; place: number; mark: GuestMark };

/** One line of the agent; undefined when it is not one of ours. */
export function parseMark(line: string): GuestMark | undefined {
  const [word = '', ...rest] = line.trim().split(' '); // consoles end their lines with a carriage return as well
  if (/^\d{1,2}$/.test(word)) return ofApplication(Number(word), rest);
  switch (word) {
    case 'firmware':
    case 'loader':
    case 'kernel':
    case 'init':
    case 'waiting':
    case 'network':
    case 'exec':
    case 'renewed':
      return rest.length === 0 ? { kind: word } : undefined;
    case 'refused':
      return { kind: 'refused', reason: rest[0] ?? '', text: rest.slice(1).join(' ') };
    case 'exit':
      return parseExit(rest);
    case 'meminfo':
      return { kind: 'meminfo', bytes: Object.fromEntries(rest.flatMap(memoryEntry)) };
    default:
      return undefined;
  }
}

function ofApplication(place: number, words: string[]): GuestMark | undefined {
  const mark = parseMark(words.join(' '));
  return mark && mark.kind !== 'application' ? { kind: 'application', place, mark } : undefined;
}

function parseExit([how, number]: string[]): GuestMark | undefined {
  if (how === 'memory') return { kind: 'exit', exit: 'out of memory' };
  if (!/^\d+$/.test(number ?? '')) return undefined;
  if (how === 'status') return { kind: 'exit', exit: `exit ${number}` };
  if (how !== 'signal') return undefined;
  // The guest is Linux; where the host is not, an unknown number stays a number.
  return { kind: 'exit', exit: `signal ${signalName(Number(number)) ?? number}` };
}

function memoryEntry(entry: string): [string, number][] {
  const [, name, kib] = /^(\w+)=(\d+)$/.exec(entry) ?? [];
  return name && kib ? [[name, Number(kib) * 1024]] : [];
}

const longestLine = 4096;

/** Reads the agent's lines however they are cut into chunks. */
export function markReader(): (chunk: Buffer) => GuestMark[] {
  let pending = '';
  return (chunk) => {
    const lines = (pending + chunk.toString('latin1')).split('\n');
    pending = lines.pop()!.slice(-longestLine);
    return lines.flatMap((line) => parseMark(line) ?? []);
  };
}

/** A line of QEMU's trace: the firmware looks into its configuration. Older versions put process and time before it. */
const firmwareRequest = /^(\d+@[\d.]+:)?fw_cfg_select .*$/;

/** Takes QEMU's trace out of what it says on standard error, however that is cut into chunks. */
export function traceReader(): (chunk: Buffer) => { requests: number; rest: string } {
  let pending = '';
  return (chunk) => {
    const lines = (pending + chunk.toString()).split('\n');
    pending = lines.pop()!;
    const others = lines.filter((line) => !firmwareRequest.test(line));
    const whole = others.map((line) => line + '\n').join('');
    // An unfinished line may be QEMU's last word: what does not begin like a trace is passed on at once.
    const isOther =
      pending !== '' && !'fw_cfg_select'.startsWith(pending.slice(0, 13)) && !/^\d/.test(pending);
    const rest = isOther ? whole + pending : whole;
    if (isOther) pending = '';
    return { requests: lines.length - others.length, rest };
  };
}

/** The kernel's last words, and its first where a machine has no PCI: they cannot be silenced, and are not the application's. */
const farewell = /\[ *\d+\.\d+\] reboot: [^\n]*\r?\n?$/;
const greeting = /^\[ *\d+\.\d+\] PCI: Fatal: No config space access function found\r?\n/;

/** Keeps the last of what the application printed. */
export class OutputTail {
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly longestBytes = 64 * 1024) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    // Joined only now and then: an application that prints a lot must not cost a copy per chunk.
    if (this.bytes > 2 * this.longestBytes) this.join();
  }

  private join(): Buffer {
    const joined = Buffer.concat(this.chunks).subarray(-this.longestBytes);
    this.chunks = [joined];
    this.bytes = joined.length;
    return joined;
  }

  text(): string {
    const joined = this.join();
    // A cut may have fallen inside a UTF-8 character: its remaining bytes are not text.
    const whole = joined.subarray(
      Math.max(
        0,
        joined.findIndex((byte) => (byte & 0xc0) !== 0x80),
      ),
    );
    return whole.toString('utf8').replace(greeting, '').replace(farewell, '');
  }
}
