/** Choices that are the same again for the same case: each case has a stream of numbers of its own. */
import { createHash } from 'node:crypto';
import { seededRandom } from '../../main/engine/results/statistics/random';

export class Draw {
  private readonly next: () => number;

  /** @param of  what tells this stream from others: the seed, the kind, the number of the case */
  constructor(...of: (string | number)[]) {
    const key = createHash('sha256').update(JSON.stringify(of)).digest();
    this.next = seededRandom(key.readUIntBE(0, 6));
  }

  /** from 0 to 1 */
  share(): number {
    return this.next();
  }

  /** a whole number from 0 on */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<T>(list: readonly T[]): T {
    const place = this.below(list.length);
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[place]!;
  }

  /** for those that take a seed themselves */
  seed(): number {
    return this.below(2 ** 31);
  }
}
