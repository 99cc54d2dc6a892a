import { emptyDraft, keptDraft, type PlanDraft } from './planDraft';

/** What was typed on the page Compare, kept between two visits in the browser's storage. */
const draftKey = 'tare.plan-form';
const composeKey = 'tare.compose-file';

export const keptForm = (): PlanDraft => keptDraft(localStorage.getItem(draftKey)) ?? emptyDraft();
export const keepForm = (draft: PlanDraft): void => localStorage.setItem(draftKey, JSON.stringify(draft));

/** Where the Compose file lies that was read last. */
export const keptCompose = (): string => localStorage.getItem(composeKey) ?? '';
export const keepCompose = (path: string): void => localStorage.setItem(composeKey, path);
