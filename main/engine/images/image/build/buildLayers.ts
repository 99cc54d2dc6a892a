/** Which steps of BuildKit made which layers: the engine's history says their sizes, but not their steps. Pure. */
import type { BuildStep } from '../../../../contract/work/images';
import type { HistoryLine } from '../history';

const keywordOf = (words: string): string =>
  /^(?:ONBUILD\s+)?(RUN|COPY|ADD|WORKDIR)\b/i.exec(words)?.[1]?.toUpperCase() ?? '';

/**
 * The steps, with the sizes of the layers that they made. The image's last layers are those of its last stage, then come those of the
 * stage that it was begun from. Where steps and history do not go together any more, the rest has no size.
 * @param history  of the image, newest first
 */
export function layerBytes(
  steps: readonly BuildStep[],
  history: readonly Pick<HistoryLine, 'CreatedBy' | 'Size'>[],
): BuildStep[] {
  const lines = history.filter(({ CreatedBy }) => keywordOf(CreatedBy) !== '');
  const byId = new Map(steps.map((step) => [step.id, step]));
  const used = new Set(steps.flatMap(({ inputs = [] }) => inputs));
  const isNumbered = (step: BuildStep | undefined): step is BuildStep => step?.number !== undefined;
  const sizes = new Map<string | undefined, number>();
  let step = steps.filter((one) => isNumbered(one) && !used.has(one.id ?? '')).at(-1);
  for (const { CreatedBy, Size } of lines) {
    if (!step || keywordOf(step.instruction) !== keywordOf(CreatedBy)) break;
    sizes.set(step.id, Size);
    const { stage, number, inputs = [] }: BuildStep = step;
    const before = steps.find((one) => one.stage === stage && one.number === number! - 1);
    step = before ?? inputs.map((id) => byId.get(id)).find(isNumbered);
  }
  return steps.map((one) => {
    const bytes = sizes.get(one.id);
    return bytes === undefined ? one : { ...one, layerBytes: bytes };
  });
}
