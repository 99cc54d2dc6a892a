import { TareError } from '../../../../base/errors';

/** Figures of memory by the names that the guest's agent gives them, in bytes. */
export type GuestMemory = Record<string, number>;

/** What the guest's agent is asked about memory; its answers come in the order of the questions. */
export class MemoryQuestions {
  private readonly waiting: ((bytes: GuestMemory) => void)[] = [];

  /** @param say  tells the agent the question */
  constructor(
    private readonly say: () => void,
    private readonly answerMs: number,
  ) {}

  /** @throws {TareError} `program-failed` when the guest does not answer in time */
  ask(): Promise<GuestMemory> {
    return new Promise((resolve, reject) => {
      const late = () =>
        reject(
          new TareError({ code: 'program-failed', program: 'guest agent', exit: 'no answer', output: '' }),
        );
      const timer = setTimeout(late, this.answerMs);
      this.waiting.push((bytes) => {
        clearTimeout(timer);
        resolve(bytes);
      });
      this.say();
    });
  }

  answered(bytes: GuestMemory): void {
    this.waiting.shift()?.(bytes);
  }
}
