import { emptyDraft, keptDraft, type PlanDraft } from './planDraft';

/** What the page Compare keeps between two visits, in the browser's storage: which half of it is open, and what was typed. */
const draftKey = 'tare.plan-form';
const modeKey = 'tare.compare-mode';

export type CompareMode = 'ready' | 'own';

export const keptMode = (): CompareMode => (localStorage.getItem(modeKey) === 'own' ? 'own' : 'ready');
export const keepMode = (mode: CompareMode): void => localStorage.setItem(modeKey, mode);

export const keptForm = (): PlanDraft => keptDraft(localStorage.getItem(draftKey)) ?? emptyDraft();
export const keepForm = (draft: PlanDraft): void => localStorage.setItem(draftKey, JSON.stringify(draft));
