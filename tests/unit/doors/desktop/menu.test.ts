import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { locales } from '../../../../main/contract/calls';
import type { DeskCommand } from '../../../../main/contract/desktop';
import { menuTemplate } from '../../../../main/doors/desktop/menu';

function stage(locale: 'en' | 'zh-CN', exportable = true) {
  const sent: DeskCommand[] = [];
  const menu = menuTemplate({
    locale,
    exportable,
    send: (command) => sent.push(command),
    open: () => undefined,
    about: () => undefined,
  });
  const flat = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...flat((item.submenu ?? []) as MenuItemConstructorOptions[])]);
  const items = flat(menu);
  const click = (label: string) => {
    const item = items.find((one) => one.label === label)!;
    (item.click as () => void)();
  };
  return { sent, items, click };
}

describe.each(locales)('the menu in %s', (locale) => {
  it('has words for every item and no key twice', () => {
    const { items } = stage(locale);
    const worded = items.filter(({ type, role }) => type !== 'separator' && role !== 'appMenu');
    expect(worded.length).toBeGreaterThan(25);
    for (const { label } of worded)
      expect(label).toMatch(locale === 'en' ? /^[A-Z]/ : /[\u4e00-\u9fff]|Markdown/);
    const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(keys).toContain('CommandOrControl+,');
    expect(new Set(keys).size).toBe(keys.length);
  });
});

it('asks the page for a place or an export', () => {
  const { click, sent } = stage('en');
  click('Settings…');
  click('PDF');
  expect(sent).toEqual([
    { kind: 'go', address: '#/settings' },
    { kind: 'export', format: 'pdf' },
  ]);
});

it('offers an export only while there is a run to export', () => {
  const enabled = (exportable: boolean) =>
    stage('en', exportable).items.filter(({ label }) => label === 'PDF' || label === 'Markdown');
  expect(enabled(false).map((item) => item.enabled)).toEqual([false, false]);
  expect(enabled(true).map((item) => item.enabled)).toEqual([true, true]);
});
