import { thisHost, type Host } from '../../../main/contract/fleet/host';
import { readOnly } from '../access';

const key = 'tare.chosen-hosts';

/** The names of the computers that plans are run on, as they were chosen last; kept in the browser's storage. */
class ChosenHosts {
  #names = $state.raw<readonly string[]>(keptNames());

  /** Those that are still kept, this computer first; this one where none is. */
  among(kept: readonly Host[]): string[] {
    const names = [thisHost, ...kept.map(({ name }) => name)].filter((name) => this.#names.includes(name));
    return names.length > 0 ? names : [thisHost];
  }

  set(names: readonly string[]): void {
    this.#names = names;
    localStorage.setItem(key, JSON.stringify(names));
  }
}

function keptNames(): string[] {
  try {
    const kept: unknown = readOnly ? undefined : JSON.parse(localStorage.getItem(key) ?? '[]');
    const names = Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
    return names.length > 0 ? names : [thisHost];
  } catch {
    return [thisHost]; // what cannot be read is no reason not to start
  }
}

export const chosenHosts = new ChosenHosts();

/** Whether a run on these is one on this computer alone, as any other. */
export const isHere = (names: readonly string[]): boolean => names.every((name) => name === thisHost);
