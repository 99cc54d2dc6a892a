import { emptyDraft, keptDraft, withoutValues, type PlanDraft } from './planDraft';

/** What was typed on the page Compare, kept between two visits: here whole, in the browser's storage without the values of variables. */
let typed: PlanDraft | undefined;
const draftKey = 'tare.plan-form';
const composeKey = 'tare.compose-file';

export const keptForm = (): PlanDraft => typed ?? keptDraft(localStorage.getItem(draftKey)) ?? emptyDraft();
export function keepForm(draft: PlanDraft): void {
  typed = draft;
  localStorage.setItem(draftKey, JSON.stringify(withoutValues(draft)));
}

/** Where the Compose file lies that was read last. */
export const keptCompose = (): string => localStorage.getItem(composeKey) ?? '';
export const keepCompose = (path: string): void => localStorage.setItem(composeKey, path);
