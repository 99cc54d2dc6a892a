import type { Locale } from '../../main/contract/appearance';

export type Theme = 'system' | 'light' | 'dark';

interface Stored {
  locale?: Locale;
  theme?: Theme;
}

const storageKey = 'tare.settings';
const dark = matchMedia('(prefers-color-scheme: dark)');

function stored(): Stored {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Stored;
  } catch {
    return {}; // unreadable settings are no reason not to start
  }
}

/** What a person chose for this window, kept in the browser's storage. */
class Settings {
  #locale = $state<Locale>('en');
  #theme = $state<Theme>('system');
  #systemDark = $state(dark.matches);

  constructor() {
    const { locale, theme } = stored();
    this.#locale = locale === 'en' || locale === 'zh-CN' ? locale : systemLocale();
    this.#theme = theme === 'light' || theme === 'dark' ? theme : 'system';
    dark.addEventListener('change', () => {
      this.#systemDark = dark.matches;
      this.#show();
    });
    this.#show();
  }

  get locale(): Locale {
    return this.#locale;
  }
  set locale(next: Locale) {
    this.#locale = next;
    this.#keep();
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

export const settings = new Settings();
