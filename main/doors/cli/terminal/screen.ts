import type { Locale } from '../../../contract/appearance';
import type { Failure } from '../../../contract/failures';
import { explain, message, type MessageKey } from '../../../contract/messages';
import type { Fact } from '../../../contract/report/report';
import { shown } from './control';
import { hang } from './layout';

/** Where text goes: a process's stdout and stderr, or a test's. */
export interface Sink {
  write(text: string | Uint8Array): unknown;
  isTTY?: boolean | undefined;
  /** width of the terminal in columns */
  columns?: number | undefined;
}

export type Tone = 'bold' | 'dim' | 'good' | 'bad' | 'warn';
const codes: Record<Tone, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
};

/** Wide enough for tables in files and CI logs, where nothing says how wide the reader's view is. */
const widthOfAFile = 120;

/** Longer lines are hard to read, however wide the terminal is. */
const widestText = 100;

/** What JSON may have as it is and a terminal would obey: told the way that JSON tells all other control characters. */
const hiddenInJson = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** One of the two streams, in the reader's language. */
export class Screen {
  /** set once nobody waits for the command any more: what it still finds out is not shown */
  muted = false;

  constructor(
    private readonly sink: Sink,
    readonly locale: Locale,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  get isTerminal(): boolean {
    return this.sink.isTTY === true && this.env.TERM !== 'dumb';
  }

  get width(): number {
    return this.sink.isTTY ? Math.max(40, this.sink.columns || 80) : widthOfAFile;
  }

  /** `text` in a colour or weight; as it is where there is no terminal, or NO_COLOR is set (no-color.org). */
  tone(tone: Tone, text: string): string {
    if (!this.isTerminal || this.env.NO_COLOR) return text;
    const [on, off] = codes[tone];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  say(key: MessageKey, facts?: Record<string, Fact>): string {
    return message(this.locale, key, facts);
  }

  /** An instant of a record, as a reader writes it. */
  moment(iso: string): string {
    return new Date(iso).toLocaleString(this.locale, { dateStyle: 'medium', timeStyle: 'short' });
  }

  /** The one way for text: whatever is in it, the terminal obeys nothing but `tone`. */
  write(text: string): void {
    this.control(shown(text));
  }

  /** What a terminal is to obey, as the lines that are redrawn in place: made by us alone. */
  control(sequence: string): void {
    if (!this.muted) this.sink.write(sequence);
  }

  /** A file, as it is. */
  bytes(content: Uint8Array): void {
    if (!this.muted) this.sink.write(content);
  }

  line(text = ''): void {
    this.write(text + '\n');
  }

  /** A paragraph, wrapped to the width, hanging after `mark` or `indent` columns in. */
  paragraph(text: string, mark = '', indent?: number): void {
    this.line(hang(mark, text, Math.min(this.width, widestText), indent));
  }

  /** @param indent  0: on one line */
  json(value: unknown, indent = 2): void {
    this.line(
      JSON.stringify(value, undefined, indent).replace(
        hiddenInJson,
        (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
  }

  /** What happened, its evidence, and the remedy. `intro` says where it happened, when that is not the whole command. */
  failure(failure: Failure, intro?: string): void {
    const { what, remedy, details } = explain(this.locale, failure);
    const mark = intro === undefined ? 'tare: ' : `${intro}: `;
    this.paragraph(what, this.tone('bad', mark), 2);
    if (failure.code === 'bug') {
      this.paragraph(remedy, '  ');
      this.line(this.tone('dim', `  ${this.say('cli.copy-details')}`));
    }
    for (const line of details) this.line(`  ${line}`);
    if (failure.code === 'bug')
      this.line(
        `  tare ${this.say('cli.version')} · node ${process.version} · ${process.platform} ${process.arch}`,
      );
    else this.paragraph(remedy, '  → ');
  }
}
