/**
 * What others have published on the quantities that Tare measures. Each figure of assets/published.json is quoted as its source gives
 * it and was read there, in the raw data where there is any (KB of NSDI 2020 have 1024 bytes); newest first, by the year of the source.
 * What it was measured on and what was counted is in assets/messages, and what the source does not tell of that is named as not told.
 */
import { z } from 'zod';
import figures from '../../../../assets/published.json';
import { isMessageKey, tell, type NameIn } from '../../../contract/messages';
import { PublishedFigure } from '../../../contract/report/report';
import type { Run } from '../../../contract/run/run';
import { kindOf } from '../../../contract/targets';
import type { Bars } from './chart';
import { isEmulated, type Group } from './estimates/groups';

const Published = PublishedFigure.omit({ conditions: true }).extend({
  /** `published.conditions.ID` tells its conditions */
  id: z.custom<NameIn<'published.conditions'>>((id) => isMessageKey(`published.conditions.${String(id)}`)),
  /** what it speaks of: shown only where the run has one */
  of: z.enum(['container', 'vm']),
});
type Published = z.infer<typeof Published>;

export const published = z
  .strictObject({ 'start-up': z.array(Published.strict()), memory: z.array(Published.strict()) })
  .parse(figures);

/** What has been published on `quantity` for the ways of running that `groups` were measured in. */
export function publishedOn(
  quantity: keyof typeof published,
  run: Run,
  groups: readonly Group[],
): Pick<Bars, 'references' | 'aboutReferences'> {
  const measured = (of: Published['of']) => groups.some(({ target }) => kindOf(target) === of);
  const references = published[quantity]
    .filter(({ of }) => measured(of))
    .map(({ id, label, value, published: words, source }): PublishedFigure => ({
      label,
      value,
      published: words,
      conditions: tell(`published.conditions.${id}`),
      source,
    }));
  if (references.length === 0) return {};
  const about = isEmulated(run.trials) ? 'published.about.emulated' : 'published.about';
  return { references, aboutReferences: tell(about) };
}
