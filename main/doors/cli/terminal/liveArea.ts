import { shown } from './control';
import { cut } from './layout';
import type { Screen } from './screen';

const periodMs = 100;
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** More would scroll on a small terminal, and what scrolls cannot be redrawn. */
const mostLines = 8;

const up = (lines: number): string => (lines > 0 ? `\r\u001b[${lines}A` : '\r');
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** The last few lines of a terminal, redrawn in place. Each redraw is one write, line over line, so nothing flickers. */
export class LiveArea {
  private drawn = 0;
  private frame = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param lines  what there is to show now, without colours; longer lines are cut */
  constructor(
    private readonly screen: Screen,
    private readonly lines: () => string[],
  ) {}

  /** Draws from now on, until {@link end}. */
  refresh(): void {
    if (this.timer) return;
    this.timer = setInterval(() => this.draw(), periodMs);
    this.timer.unref();
    this.draw();
  }

  /** Leaves a line above the live ones for good. */
  above(line: string): void {
    this.screen.control(`${up(this.drawn)}${clearBelow}${shown(line)}\n`);
    this.drawn = 0;
    if (this.timer) this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.drawn > 0) this.screen.control(`${up(this.drawn)}${clearBelow}`);
    this.drawn = 0;
  }

  private draw(): void {
    const lines = this.lines().slice(-mostLines);
    const mark = frames[this.frame++ % frames.length]!;
    // One column stays free: a line that fills the last one makes some terminals wrap.
    const text = lines.map(
      (line) =>
        `${this.screen.tone('dim', cut(`${mark} ${shown(line)}`, this.screen.width - 1))}${clearLine}\n`,
    );
    this.screen.control(`${up(this.drawn)}${text.join('')}${lines.length < this.drawn ? clearBelow : ''}`);
    this.drawn = lines.length;
  }
}
