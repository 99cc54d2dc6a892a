import { expect, test } from 'vitest';
import { localeOf } from '../../../../main/doors/cli/locale';

test.each([
  ['zh-CN', [], { LANG: 'zh_CN.UTF-8' }],
  ['zh-CN', [], { LC_ALL: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }],
  ['en', [], { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }],
  ['zh-CN', [], { LC_ALL: '', LC_MESSAGES: 'zh_CN', LANG: 'de_DE' }],
  ['en', [], { LANG: 'de_DE.UTF-8' }],
  ['en', [], {}],
  ['en', ['list', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' }],
  ['zh-CN', ['--lang=zh-CN', 'list'], {}],
  ['zh-CN', ['run', '--lang', 'klingon'], { LANG: 'zh_CN.UTF-8' }],
  ['en', ['run', '--', '--lang', 'zh-CN'], {}],
] as const)('speaks %s for %j and %j', (locale, argv, env) => {
  expect(localeOf(argv, env)).toBe(locale);
});
