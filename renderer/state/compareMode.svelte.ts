import { readOnly } from './access';

const key = 'tare.compare-mode';

/** What the page Compare shows: presets, a form of one's own, or a Compose file. */
export const compareModes = ['ready', 'own', 'compose'] as const;
export type CompareMode = (typeof compareModes)[number];

/** Kept between two visits, in the browser's storage. A page that only shows has no forms. */
class CompareModeState {
  #mode = $state<CompareMode>(
    (readOnly ? undefined : compareModes.find((mode) => mode === localStorage.getItem(key))) ?? 'ready',
  );

  get value(): CompareMode {
    return this.#mode;
  }
  set value(mode: CompareMode) {
    this.#mode = mode;
    localStorage.setItem(key, mode);
  }
}

export const compareMode = new CompareModeState();
