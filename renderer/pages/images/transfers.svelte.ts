import type { TransferReport } from '../../../main/contract/work/images';
import { t } from '../../i18n.svelte';
import { whenOver, type Jobs } from '../../state/jobs.svelte';
import { notices } from '../../state/notices.svelte';

/** Tells how each pull and push ended, whatever page is shown then. Call it while a component is set up. */
export function tellTransfers({ pull, push }: Jobs): void {
  for (const [job, key] of [
    [pull, 'ui.images.pulled'],
    [push, 'ui.images.pushed'],
  ] as const)
    whenOver(job, () => {
      if (job.failure?.code === 'stopped') notices.tell({ words: t('failure.stopped') });
      else if (!job.failure && job.value) notices.tell({ words: t(key, factsOf(job.value)) });
    });
}

const factsOf = ({ reference, movedBytes, layers, alreadyThere, tookMs }: TransferReport) => ({
  reference,
  moved: movedBytes === undefined ? '–' : { bytes: movedBytes },
  took: { ms: tookMs },
  layers,
  there: alreadyThere,
});
