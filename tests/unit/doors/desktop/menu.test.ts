import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { locales } from '../../../../main/contract/appearance';
import type { DeskCommand } from '../../../../main/contract/desktop';
import { sections } from '../../../../main/contract/pages';
import { menuTemplate, type MenuParts } from '../../../../main/doors/desktop/menu';

function stage(locale: 'en' | 'zh-CN', given: Partial<MenuParts> = {}) {
  const sent: DeskCommand[] = [];
  const menu = menuTemplate({
    locale,
    exportable: true,
    mac: false,
    packaged: true,
    send: (command) => sent.push(command),
    open: () => undefined,
    about: () => undefined,
    logs: () => undefined,
    problem: () => undefined,
    updates: () => undefined,
    ...given,
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

describe.each(locales.flatMap((locale) => [true, false].map((mac) => [locale, mac] as const)))(
  'the menu in %s, on macOS: %s',
  (locale, mac) => {
    it('has words for every item and no key twice', () => {
      const { items } = stage(locale, { mac, packaged: false });
      const worded = items.filter(({ type, role }) => type !== 'separator' && role !== 'appMenu');
      expect(worded.length).toBeGreaterThan(25);
      for (const { label } of worded)
        expect(label).toMatch(locale === 'en' ? /^[A-Z]/ : /[\u4e00-\u9fff]|Markdown/);
      const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
      expect(keys).toContain('CommandOrControl+,');
      expect(new Set(keys).size).toBe(keys.length);
    });
  },
);

it('asks the page for a place or an export', () => {
  const { click, sent } = stage('en');
  click('Settings…');
  click('PDF');
  expect(sent).toEqual([
    { kind: 'go', address: '#/settings' },
    { kind: 'export', format: 'pdf' },
  ]);
});

it('offers formats for programs apart from those for people', () => {
  const { items, sent } = stage('en');
  const labels = (title: string) =>
    (items.find(({ label }) => label === title)!.submenu as MenuItemConstructorOptions[]).map(
      ({ label }) => label,
    );
  expect(labels('Export the report as')).toEqual([
    ...['Web page (one HTML file)', 'PDF', 'Markdown', 'CSV: every trial', 'JSON: the whole record'],
    ...['Picture to share (1200 × 630)', undefined, 'For CI and monitoring'],
  ]);
  expect(labels('For CI and monitoring')).toContain('JUnit XML: verdicts and trials');
  const junit = items.find(({ label }) => label === 'JUnit XML: verdicts and trials')!;
  (junit.click as () => void)();
  expect(sent).toEqual([{ kind: 'export', format: 'junit' }]);
});

it('offers an export only while there is a run to export', () => {
  const enabled = (exportable: boolean) =>
    stage('en', { exportable }).items.filter(({ label }) => label === 'PDF' || label === 'Markdown');
  expect(enabled(false).map((item) => item.enabled)).toEqual([false, false]);
  expect(enabled(true).map((item) => item.enabled)).toEqual([true, true]);
});

it('leads to every page of the side bar, in its order', () => {
  const { items, sent } = stage('en');
  const keyed = items.filter(({ accelerator }) => /^CommandOrControl\+\d$/.test(String(accelerator)));
  expect(keyed.map(({ accelerator }) => String(accelerator).slice(-1)).join('')).toBe('123459678');
  for (const item of keyed) (item.click as () => void)();
  const listed = sections.flatMap(({ pages }) => pages.map((page) => `#/${page}`));
  expect(sent).toEqual(listed.map((address) => ({ kind: 'go', address })));
});

it('goes back and forward under the keys of the system', () => {
  const keys = (mac: boolean) => {
    const { items } = stage('en', { mac });
    return ['Back', 'Forward'].map((label) => items.find((item) => item.label === label)!.accelerator);
  };
  expect(keys(false)).toEqual(['Alt+Left', 'Alt+Right']);
  expect(keys(true)).toEqual(['Command+[', 'Command+]']);
  const { click, sent } = stage('en');
  click('Back');
  click('Forward');
  expect(sent).toEqual([{ kind: 'back' }, { kind: 'forward' }]);
});

it('offers to reload only to who develops the page, and a window menu only on macOS', () => {
  const roles = (given: Partial<MenuParts>) => stage('en', given).items.map(({ role }) => role);
  expect(roles({ packaged: true })).not.toContain('reload');
  expect(roles({ packaged: false })).toContain('reload');
  expect(roles({ mac: true })).toContain('windowMenu');
  expect(roles({ mac: false })).not.toContain('windowMenu');
});
