/**
 * What others have published on the quantities that Tare measures. Each figure is quoted as its source gives it and was read
 * there, in the raw data where there is any; what it was measured on and what was counted is in assets/messages, and what the source
 * does not tell of that is named as not told.
 */
import { tell } from '../../../contract/messages';
import type { PublishedFigure } from '../../../contract/report/report';
import type { Run } from '../../../contract/run/run';
import { kindOf } from '../../../contract/targets';
import type { Bars } from './chart';
import { isEmulated, type Group } from './estimates/groups';
import type { Published } from './published/figure';
import { memory } from './published/memory';
import { startUp } from './published/startUp';

export const published = { 'start-up': startUp, memory } as const;

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
