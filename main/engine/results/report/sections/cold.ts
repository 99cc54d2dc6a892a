/** Of a run with cold starts: that they were cold, by what of their files was in the page cache when they began. */
import { tell } from '../../../../contract/messages';
import type { CachedFiles } from '../../../../contract/run/cachedFiles';
import type { Section } from '../section';

/** The share of a start's files from which on it is felt that they need not be read from the disk. */
const noticeableShare = 0.05;

const shareOf = ({ bytes, cachedBytes }: CachedFiles): number => (bytes > 0 ? cachedBytes / bytes : 0);

export const cold = {
  verdicts({ run, counted }) {
    const found = run.plan.cold ? counted.flatMap(({ files }) => files ?? []) : [];
    const [warmest] = found.toSorted((a, b) => shareOf(b) - shareOf(a));
    if (!warmest) return [];
    const facts = { cached: { bytes: warmest.cachedBytes }, all: { bytes: warmest.bytes } };
    return shareOf(warmest) > noticeableShare
      ? [{ id: 'cold', standing: 'warning', text: tell('verdict.cold.not-all', facts) }]
      : [{ id: 'cold', standing: 'note', text: tell('verdict.cold', facts) }];
  },
} satisfies Section;
