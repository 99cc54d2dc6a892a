/** What the classic builder's report on a build adds up to, and Podman's: instruction by instruction. Pure. */
import type { BuildStep } from '../../../../contract/work/images';

/** One line of the engine's report on a build. */
export interface BuildLine {
  stream?: string;
  error?: string;
  errorDetail?: { message?: string };
}

/** Enough of the output to see why a step failed. */
export const longestOutput = 16 * 1024;
/** Of one step's output: it is told again with every report. */
export const longestStepOutput = 2 * 1024;

/** Docker's classic builder says `Step 2/3 : RUN make`, Podman's `STEP 2/3: RUN make`, with more than one stage `[1/2] STEP 2/3: RUN make`. */
const opening = /^(?:\[(\d+)\/\d+\] )?step (\d+)\/(\d+) ?: (.*)$/i;
/** Docker: ` ---> 1234abcd5678`; Podman: `--> 1234abcd5678`. */
const madeImage = /^ ?--+> ([0-9a-f]{12})[0-9a-f]*$/;
const usedCache = /^ ?--+> Using cache\b/;
const allDone = /^(?:\[\d+\/\d+\] )?(Successfully built|COMMIT)\b/;
/** What the builder says about itself between the lines of a command. */
const ownWords =
  /^( ?--+>|Removing intermediate container|Successfully (built|tagged)|(?:\[\d+\/\d+\] )?COMMIT\b)/;

interface Told extends BuildStep {
  /** beginning of the identity of the image that the step led to */
  image?: string;
}

/** What a build has said so far. Its clock begins when it is made. */
export class LinesReport {
  /** the step under way, as the builder words it: `2/3 : RUN make` */
  step = 'Dockerfile';
  /** the last of the output */
  output = '';
  error: string | undefined;
  /** 0 to 1: steps finished of all steps */
  share: number | undefined;
  private readonly told: Told[] = [];
  private readonly begunMs: number;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.begunMs = now();
  }

  /** @returns whether a step began, or the build failed: worth telling at once */
  take({ stream, error, errorDetail }: BuildLine): boolean {
    this.error = errorDetail?.message ?? error;
    const text = stream ?? (this.error === undefined ? '' : `${this.error}\n`);
    this.output = (this.output + text).slice(-longestOutput);
    const before = this.told.length;
    for (const line of text.split('\n')) this.takeLine(line);
    if (this.error !== undefined) this.end('failed');
    return this.told.length !== before || this.error !== undefined;
  }

  private takeLine(line: string): void {
    const [, stage, number, of, instruction] = opening.exec(line) ?? [];
    const current = this.told.at(-1);
    if (number && of) {
      this.end('done');
      this.step = `${number}/${of} : ${instruction}`;
      this.share = (Number(number) - 1) / Number(of);
      const fromMs = this.now() - this.begunMs;
      const step = {
        number: Number(number),
        of: Number(of),
        ...(stage !== undefined && { stage }),
        instruction: instruction!.trim(),
      };
      this.told.push({ ...step, state: 'running', fromMs, tookMs: 0 });
    } else if (!current) return;
    else if (usedCache.test(line)) this.end('cached');
    else if (allDone.test(line)) this.end('done');
    else if (madeImage.test(line)) current.image = madeImage.exec(line)![1]!;
    else if (line.trim() !== '' && !ownWords.test(line)) {
      current.output = `${current.output ?? ''}${line}\n`.slice(-longestStepOutput);
    }
  }

  /** The step under way is over. A cached one stays one. */
  private end(state: 'done' | 'cached' | 'failed'): void {
    const step = this.told.at(-1);
    if (step?.state !== 'running') return;
    step.state = state;
    step.tookMs = this.now() - this.begunMs - step.fromMs;
  }

  /** The engine's report is at its end. */
  close(): void {
    this.end(this.error === undefined ? 'done' : 'failed');
  }

  /** @param sizes  unpacked size of the layer on top of an image, by the image's identity without `sha256:` */
  steps(sizes: ReadonlyMap<string, number> = new Map()): BuildStep[] {
    const sizeOf = (image: string) => [...sizes].find(([id]) => id.startsWith(image))?.[1];
    return this.told.map(({ image, ...step }) => {
      const layerBytes = image === undefined ? undefined : sizeOf(image);
      const tookMs = step.state === 'running' ? this.now() - this.begunMs - step.fromMs : step.tookMs;
      return { ...step, tookMs, ...(layerBytes !== undefined && { layerBytes }) };
    });
  }
}
