/** What `docker buildx build --progress=rawjson` prints: objects, on one line each or spread over many, and sentences. Pure. */

export type Printed = { object: unknown } | { line: string };

/**
 * Takes the printed text apart, however it was cut. buildx 0.13 spreads each object over lines that are indented, later ones keep it on
 * one. What is torn is passed over, and what follows it is read again.
 */
export class SolveStream {
  private rest = '';
  /** lines of an object that is not at its end */
  private open: string[] = [];

  take(text: string): Printed[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    return lines.flatMap((line) => this.takeLine(line.replace(/\r$/, '')));
  }

  /** Nothing more is printed. */
  end(): Printed[] {
    const last = this.rest === '' ? [] : this.takeLine(this.rest);
    this.rest = '';
    this.open = [];
    return last;
  }

  private takeLine(line: string): Printed[] {
    if (line.startsWith('{')) {
      const whole = parse(line);
      this.open = whole === undefined ? [line] : [];
      return whole === undefined ? [] : [{ object: whole }];
    }
    if (this.open.length > 0 && /^[\s}]/.test(line)) {
      this.open.push(line);
      if (line !== '}') return [];
      const whole = parse(this.open.join('\n'));
      this.open = [];
      return whole === undefined ? [] : [{ object: whole }];
    }
    this.open = [];
    return [{ line }];
  }
}

function parse(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
