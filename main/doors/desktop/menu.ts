import type { MenuItemConstructorOptions } from 'electron';
import type { Locale } from '../../contract/calls';
import { message, type MessageKey } from '../../contract/messages';

/** The application menu: what every desktop program has, under its usual keys. */
export function menuTemplate(locale: Locale): MenuItemConstructorOptions[] {
  const item = (
    key: MessageKey,
    role: NonNullable<MenuItemConstructorOptions['role']>,
  ): MenuItemConstructorOptions => ({
    label: message(locale, key),
    role,
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  return [
    {
      label: message(locale, 'ui.menu.file'),
      submenu: [item('ui.menu.close', 'close'), item('ui.menu.quit', 'quit')],
    },
    {
      label: message(locale, 'ui.menu.edit'),
      submenu: [
        item('ui.menu.copy', 'copy'),
        item('ui.menu.paste', 'paste'),
        item('ui.menu.selectAll', 'selectAll'),
      ],
    },
    {
      label: message(locale, 'ui.menu.view'),
      submenu: [
        item('ui.menu.zoomIn', 'zoomIn'),
        item('ui.menu.zoomOut', 'zoomOut'),
        item('ui.menu.zoomReset', 'resetZoom'),
        line,
        item('ui.menu.fullScreen', 'togglefullscreen'),
        item('ui.menu.developer', 'toggleDevTools'),
      ],
    },
  ];
}
