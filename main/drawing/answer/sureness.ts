import type { Locale } from '../../contract/appearance';
import { message, say } from '../../contract/messages';
import type { Sureness } from '../../contract/report/sureness';

/** How sure each quantity is, in one line. */
export const sureWords = (sureness: readonly Sureness[], locale: Locale): string =>
  sureness
    .map(({ id, said }) =>
      message(locale, 'picture.sure', { what: message(locale, `picture.${id}`), how: say(locale, said) }),
    )
    .join(locale === 'zh-CN' ? '；' : '; ');
