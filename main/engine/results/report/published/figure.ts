import type { NameIn } from '../../../../contract/messages';
import type { PublishedFigure } from '../../../../contract/report/report';

export interface Published extends Omit<PublishedFigure, 'conditions'> {
  /** `published.conditions.ID` tells its conditions */
  id: NameIn<'published.conditions'>;
  /** what it speaks of: shown only where the run has one */
  of: 'container' | 'vm';
}
