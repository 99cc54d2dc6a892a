import { Locale, Theme } from '../../main/contract/appearance';
import { fetchCatalogue } from '../catalogues';
import { fetched } from '../link/fetched';
import { notices } from './notices.svelte';

/** kept under its first name, so that nobody has to choose again */
const storageKey = 'tare.settings';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Nothing where what is kept cannot be read: that is no reason not to start. */
function stored(): { locale?: unknown; theme?: unknown } {
  try {
    return Object(JSON.parse(localStorage.getItem(storageKey) ?? '{}')) as object;
  } catch {
    return {};
  }
}

/** What a person chose for this window, kept in the browser's storage. */
class Appearance {
  #locale = $state<Locale>('en');
  #theme = $state<Theme>('system');
  #systemDark = $state(dark.matches);
  /** the language that was chosen last: its words may still be on their way */
  #chosen: Locale;
  /** once there are words to speak with */
  readonly ready: Promise<void>;

  constructor() {
    const { locale, theme } = stored();
    this.#chosen = this.#locale = Locale.safeParse(locale).data ?? systemLocale();
    this.ready = fetched(() => fetchCatalogue(this.#locale));
    this.#theme = Theme.safeParse(theme).data ?? 'system';
    dark.addEventListener('change', () => {
      this.#systemDark = dark.matches;
      this.#show();
    });
    this.#show();
  }

  get locale(): Locale {
    return this.#locale;
  }
  /** Changes once the words of the next language are here. */
  set locale(next: Locale) {
    this.#chosen = next;
    fetched(() => fetchCatalogue(next)).then(
      () => {
        if (this.#chosen !== next) return;
        this.#locale = next;
        this.#keep();
      },
      (error: unknown) => notices.tell({ failure: { code: 'server-lost', output: String(error) } }),
    );
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(next: Theme) {
    this.#theme = next;
    this.#keep();
  }

  /** the theme that is shown */
  get shown(): 'light' | 'dark' {
    return this.#theme === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.#theme;
  }

  #keep(): void {
    localStorage.setItem(storageKey, JSON.stringify({ locale: this.#locale, theme: this.#theme }));
    this.#show();
  }

  #show(): void {
    document.documentElement.dataset.theme = this.shown;
    document.documentElement.lang = this.#locale;
  }
}

const systemLocale = (): Locale => (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');

export const appearance = new Appearance();
