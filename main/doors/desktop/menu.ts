import type { MenuItemConstructorOptions } from 'electron';
import type { Locale } from '../../contract/calls';
import type { DeskCommand } from '../../contract/desktop';
import { documentFormats } from '../../contract/exports';
import { message, type MessageKey } from '../../contract/messages';

export interface MenuParts {
  locale: Locale;
  /** whether the page shows a run that can be exported */
  exportable: boolean;
  send(command: DeskCommand): void;
  open(): void;
  about(): void;
}

type Item = MenuItemConstructorOptions;
type Role = NonNullable<Item['role']>;

const line: Item = { type: 'separator' };
const isMac = process.platform === 'darwin';

/** The application menu: what every desktop program has, under its usual keys. */
export function menuTemplate(parts: MenuParts): Item[] {
  const t = (key: MessageKey) => message(parts.locale, key);
  const role = (key: MessageKey, name: Role): Item => ({ label: t(key), role: name });
  const go = (key: MessageKey, address: string, accelerator: string): Item => ({
    label: t(key),
    accelerator,
    click: () => parts.send({ kind: 'go', address }),
  });
  const settings = go('ui.menu.settings', '#/settings', 'CommandOrControl+,');
  const menu = (key: MessageKey, submenu: Item[]): Item => ({ label: t(key), submenu });
  return [
    ...(isMac
      ? [
          {
            role: 'appMenu' as const,
            submenu: [role('ui.menu.about', 'about'), line, settings, line, quit(t)],
          },
        ]
      : []),
    menu('ui.menu.file', fileItems(parts, t, isMac ? [] : [line, settings])),
    menu('ui.menu.edit', [
      role('ui.menu.undo', 'undo'),
      role('ui.menu.redo', 'redo'),
      line,
      role('ui.menu.cut', 'cut'),
      role('ui.menu.copy', 'copy'),
      role('ui.menu.paste', 'paste'),
      role('ui.menu.selectAll', 'selectAll'),
    ]),
    menu('ui.menu.view', [
      go('ui.nav.compare', '#/compare', 'CommandOrControl+1'),
      go('ui.nav.history', '#/history', 'CommandOrControl+2'),
      line,
      role('ui.menu.zoomIn', 'zoomIn'),
      // the same key without Shift, where + is above =
      {
        ...role('ui.menu.zoomIn', 'zoomIn'),
        accelerator: 'CommandOrControl+=',
        visible: false,
        acceleratorWorksWhenHidden: true,
      },
      role('ui.menu.zoomOut', 'zoomOut'),
      role('ui.menu.zoomReset', 'resetZoom'),
      line,
      role('ui.menu.fullScreen', 'togglefullscreen'),
      role('ui.menu.developer', 'toggleDevTools'),
    ]),
    ...(isMac ? [] : [menu('ui.menu.help', [{ label: t('ui.menu.about'), click: () => parts.about() }])]),
  ];
}

const quit = (t: (key: MessageKey) => string): Item => ({ label: t('ui.menu.quit'), role: 'quit' });

/** Keys for the two forms that people ask for most. */
const exportKeys: Partial<Record<(typeof documentFormats)[number], string>> = {
  html: 'CommandOrControl+S',
  pdf: 'CommandOrControl+P',
};

function fileItems(parts: MenuParts, t: (key: MessageKey) => string, more: Item[]): Item[] {
  return [
    { label: t('ui.menu.open'), accelerator: 'CommandOrControl+O', click: () => parts.open() },
    {
      label: t('ui.menu.export'),
      enabled: parts.exportable,
      submenu: documentFormats.map((format) => ({
        label: t(`ui.export.${format}`),
        enabled: parts.exportable,
        ...(exportKeys[format] && { accelerator: exportKeys[format] }),
        click: () => parts.send({ kind: 'export', format }),
      })),
    },
    ...more,
    line,
    { label: t('ui.menu.close'), role: 'close' },
    ...(isMac ? [] : [quit(t)]),
  ];
}
