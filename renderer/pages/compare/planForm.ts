import { emptyDraft, keptDraft, type PlanDraft } from './planDraft';

/** What the page Compare keeps between two visits, in the browser's storage: which half of it is open, and what was typed. */
const draftKey = 'tare.plan-form';
const modeKey = 'tare.compare-mode';
const composeKey = 'tare.compose-file';

/** Presets, a form of one's own, or a Compose file. */
export const compareModes = ['ready', 'own', 'compose'] as const;
export type CompareMode = (typeof compareModes)[number];

export const keptMode = (): CompareMode =>
  compareModes.find((mode) => mode === localStorage.getItem(modeKey)) ?? 'ready';
export const keepMode = (mode: CompareMode): void => localStorage.setItem(modeKey, mode);

export const keptForm = (): PlanDraft => keptDraft(localStorage.getItem(draftKey)) ?? emptyDraft();
export const keepForm = (draft: PlanDraft): void => localStorage.setItem(draftKey, JSON.stringify(draft));

/** Where the Compose file lies that was read last. */
export const keptCompose = (): string => localStorage.getItem(composeKey) ?? '';
export const keepCompose = (path: string): void => localStorage.setItem(composeKey, path);
